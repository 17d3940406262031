using System.Net.Sockets;
using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>Replies of nat backends that the host's stack forwards are not dropped for their source, the VIP.</summary>
internal sealed class ReversePathCheck : IHostCheck
{
    private const int Strict = 1;
    private const int Loose = 2;

    public IEnumerable<Finding> Examine(Examination host)
    {
        if (host.Facts.Network.IPv4 is not { } all)
        {
            yield break;
        }

        bool routed = host.Answering(AddressFamily.InterNetwork).All(service =>
            host.Facts.Vips.FirstOrDefault(vip => vip.Address.Equals(service.Vip.Address))?.Routed != false);
        foreach (InterfaceFacts exit in host.ReplyInterfaces(AddressFamily.InterNetwork))
        {
            // The kernel takes the stricter of the two by number, so that 2 overrules 1.
            int filter = Math.Max(all.ReversePathFilter, exit.IPv4?.ReversePathFilter ?? 0);
            if (filter == Strict || (filter == Loose && !routed))
            {
                yield return Describe(exit, filter, all.ReversePathFilter, routed);
            }
        }
    }

    private static Finding Describe(InterfaceFacts exit, int filter, int all, bool routed)
    {
        string key = $"net/ipv4/conf/{exit.Name}/rp_filter";
        string what = filter == Strict
            ? $"Interface {exit.Name} drops packets whose source is not reached by it (rp_filter = 1)."
            : $"Interface {exit.Name} drops packets from sources without a route (rp_filter = 2), and the VIPs have none.";
        Finding finding = Finding.Error(
            "rp-filter",
            exit.Name,
            what,
            "A reply of a nat backend whose next hop is not resolved goes through the host's stack with the VIP as its "
            + "source, and is dropped there before the next hop is asked for: the connection hangs.",
            "");
        return routed ? finding.FixedBy(new HostFix.SetSysctl(key, Loose))
            : all == 0 ? finding.FixedBy(new HostFix.SetSysctl(key, 0))
            : finding with
            {
                Mend = $"give the host a route to the VIPs, or: sysctl -w net.ipv4.conf.all.rp_filter=0 && "
                    + new HostFix.SetSysctl(key, 0).Command,
            };
    }
}
