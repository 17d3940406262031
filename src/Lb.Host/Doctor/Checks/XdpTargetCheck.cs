using System.Net.Sockets;
using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>What native XDP sends to an interface is taken there.</summary>
internal sealed class XdpTargetCheck : IHostCheck
{
    private const string Code = "xdp-target";

    public IEnumerable<Finding> Examine(Examination host) =>
        host.Listed.Where(listed => Reports(host, listed)).Select(Describe);

    /// <summary>Whether packets for an interface would be lost.</summary>
    private static bool Reports(Examination host, InterfaceFacts listed)
    {
        if (listed.Features is not { } features || !host.IsAtXdp || !MustTake(host, listed))
        {
            return false;
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
                "a newer driver, or datapath = tc for the services");
    }
}
