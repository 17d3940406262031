using Lb.Kernel;
using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>The program runs in the driver, unless the configuration says otherwise.</summary>
internal sealed class NativeXdpCheck : IHostCheck
{
    /// <summary>What it means that XDP is not in all drivers.</summary>
    public const string ByTc = "All services are forwarded at traffic control, which costs more for each packet.";

    public IEnumerable<Finding> Examine(Examination host)
    {
        if (host.Node.Attach == AttachMode.Generic)
        {
            yield break;
        }

        foreach (InterfaceFacts listed in host.Listed)
        {
            if (listed.Xdp is { Ours: true, Native: false }
                && Examination.CanBeNative(listed) != false
                && !FrameSizeCheck.Reports(host, listed))
            {
                yield return Finding.Warning(
                    "xdp-native",
                    listed.Name,
                    $"The program is on {listed.Name} generically, though its driver could run it.",
                    ByTc,
                    "restart the site with 'lbd --cleanup' before the start, which ends its flows");
            }
            else if (Examination.CanBeNative(listed) == false)
            {
                yield return CannotBe(host, listed);
            }
        }
    }

    /// <summary>Why the driver of an interface runs no XDP program.</summary>
    private static string Reason(InterfaceFacts listed) => listed.Kind switch
    {
        "veth" => "its other end sends by more queues than it has to receive",
        { } kind => $"devices of kind {kind} run none",
        null => $"its driver{(listed.Driver is null ? "" : $" {listed.Driver}")} runs none as it is set up",
    };

    /// <summary>What can be done about it, where that is to be mended.</summary>
    private static string Mend(InterfaceFacts listed) => listed.Kind switch
    {
        "veth" => $"'ethtool -L {listed.Name} rx N' with the N transmit queues of its other end, or there "
            + "'ethtool -L PEER tx 1'",
        { } => "list the interface below it, where that is the host's",
        null => "a newer driver",
    };

    private static Finding CannotBe(Examination host, InterfaceFacts listed)
    {
        string what = $"Interface {listed.Name} has no native XDP: {Reason(listed)}.";
        return host.Node.Attach == AttachMode.Native
            ? Finding.Error("xdp-native", listed.Name, what, "lb.attach = native: lbd does not start.", Mend(listed))
            : Finding.Warning(
                "xdp-native",
                listed.Name,
                what,
                ByTc,
                Mend(listed));
    }
}
