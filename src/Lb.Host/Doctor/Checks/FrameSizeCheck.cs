using Lb.Kernel;
using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>Frames fit into what a driver gives an XDP program: a page, less headroom and the kernel's own data.</summary>
internal sealed class FrameSizeCheck : IHostCheck
{
    /// <summary>Headroom 256, link-layer header 14, data of the kernel behind the frame 320.</summary>
    private const int Taken = 256 + 14 + 320;

    /// <summary>Whether native XDP is wanted and the MTU stands in its way.</summary>
    public static bool Reports(Examination host, InterfaceFacts listed) =>
        host.Node.Attach != AttachMode.Generic
        && Examination.CanBeNative(listed) != false
        && listed.Xdp is not { Ours: true, Native: true }
        && listed.Mtu > Most(host);

    public IEnumerable<Finding> Examine(Examination host)
    {
        int most = Most(host);
        foreach (InterfaceFacts listed in host.Listed.Where(listed => Reports(host, listed)))
        {
            string what = $"Interface {listed.Name} has an MTU of {listed.Mtu}, above {most}.";
            string mend = $"ip link set dev {listed.Name} mtu {most}, for a veth at both ends";
            yield return host.Node.Attach == AttachMode.Native
                ? Finding.Error(
                    "xdp-mtu",
                    listed.Name,
                    what,
                    "Drivers refuse native XDP to frames larger than a page: lbd does not start (lb.attach = native).",
                    mend)
                : Finding.Warning(
                    "xdp-mtu",
                    listed.Name,
                    what,
                    $"Drivers refuse native XDP to frames larger than a page. {NativeXdpCheck.ByTc}",
                    mend);
        }
    }

    private static int Most(Examination host) => host.Facts.System.PageSize - Taken;
}
