using Lb.Actors;
using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>Nobody else answers for a VIP where clients are.</summary>
internal sealed class VipConflictCheck : IHostCheck
{
    public IEnumerable<Finding> Examine(Examination host) =>
        from vip in host.Facts.Vips
        from claim in vip.Claims
        select Describe(host, vip, claim);

    private static Finding Describe(Examination host, VipFacts vip, VipClaim claim)
    {
        string by = Examination.Show(claim.By);
        bool elsewhere = host.Node is { Announce.Mode: AnnounceMode.Arp, Cluster: not null } && vip.Interface is null;
        return elsewhere
            ? Finding.Info(
                "vip-elsewhere",
                $"{vip.Address}",
                $"Another host on {claim.Interface}, {by}, answers for VIP {vip.Address}, and this one does not.",
                "With lb.announce.mode = arp that is as it should be when it is another node; 'pbm cluster vips' says which.")
            : claim.Router
            ? Finding.Info(
                "vip-router",
                $"{vip.Address}",
                $"The router on {claim.Interface} ({by}) answers for VIP {vip.Address}.",
                "A router that answers for every address is no harm as long as it sends packets for the VIP here.")
            : Finding.Error(
                "vip-conflict",
                $"{vip.Address}",
                $"Another host on {claim.Interface}, {by}, answers for VIP {vip.Address}.",
                "Clients and routers of that network send packets to whoever answered last.",
                $"take the address from that host; a dsr backend that holds it on lo must not answer: there, "
                + "sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2");
    }
}
