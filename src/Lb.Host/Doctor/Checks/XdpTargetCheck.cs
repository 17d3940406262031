using System.Net.Sockets;
using Lb.Kernel;
using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>What native XDP sends to an interface is taken there.</summary>
internal sealed class XdpTargetCheck : IHostCheck
{
    private const string Code = "xdp-target";

    public IEnumerable<Finding> Examine(Examination host) =>
        host.Listed.Where(listed => Reports(host, listed)).Select(Describe);

    /// <summary>Whether packets for an interface would be lost.</summary>
    public static bool Reports(Examination host, InterfaceFacts listed)
    {
        if (listed.Features is not { } features || !MustTake(host, listed))
        {
            return false;
        }

        if (!features.HasFlag(XdpFeatures.Basic))
        {
            return host.Node.Attach == AttachMode.Auto
                && host.Listed.Any(other => other.Name != listed.Name && host.IsNative(other));
        }

        // Hardware takes packets only once a program is attached; a veth when its other end is ready for them.
        bool told = listed.Kind == "veth" || listed.Xdp is { Ours: true, Native: true };
        return host.IsNative(listed) && told && !features.HasFlag(XdpFeatures.Target);
    }

    /// <summary>Whether the program sends packets to it: those for backends, and the replies of nat.</summary>
    private static bool MustTake(Examination host, InterfaceFacts listed) =>
        host.Exits.Contains(listed.Name)
        || host.Answering(AddressFamily.InterNetwork).Any()
        || host.Answering(AddressFamily.InterNetworkV6).Any();

    private static Finding Describe(InterfaceFacts listed)
    {
        const string Why = "The driver drops what native XDP sends to it, and no counter of Lb shows it.";
        if (!listed.Features!.Value.HasFlag(XdpFeatures.Basic))
        {
            return Finding.Error(
                Code,
                listed.Name,
                $"Interface {listed.Name} has no native XDP, and others have: {NativeXdpCheck.Reason(listed)}.",
                Why,
                NativeXdpCheck.Mend(listed));
        }

        return listed.Kind == "veth"
            ? Finding.Error(
                Code,
                listed.Name,
                $"The other end of {listed.Name}, a veth, is not ready for what XDP sends.",
                Why,
                "'ethtool -K PEER gro on' where the other end is, while it is up, or an XDP program there")
            : Finding.Error(
                Code,
                listed.Name,
                $"The driver of {listed.Name} does not take what XDP of other interfaces sends.",
                Why,
                "a newer driver, or lb.attach = generic");
    }
}
