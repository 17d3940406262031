using System.Collections.Immutable;
using System.Net;
using Lb.Actors;
using Lb.Kernel;

namespace Lb.Host.Doctor.Checks;

/// <summary>VIPs that a node is to answer for have an interface that they belong on, and nobody has put them there for good.</summary>
internal sealed class AnnounceCheck : IHostCheck
{
    public IEnumerable<Finding> Examine(Examination host)
    {
        if (host.Facts.Announce is not { } facts)
        {
            return [];
        }

        ImmutableArray<string> listed = host.Node.Announce.Interfaces;
        return
        [
            .. listed.Where(name => !facts.Interfaces.ContainsKey(name)).Select(Missing),
            .. listed.Where(name => facts.Interfaces.ContainsKey(name) && !host.Node.Interfaces.Contains(name)).Select(Unlisted),
            .. Vips(host).Where(vip => IsNowhere(vip, facts, listed)).Select(vip => Nowhere(vip, listed)),
            .. Vips(host).Where(vip => VipPlaces.IsHosts(vip, facts)).Select(Own),
        ];
    }

    private static IEnumerable<IPAddress> Vips(Examination host) => host.Site.Services.Values
        .Select(service => service.Vip.Address).Concat(host.Node.Announce.Addresses).Distinct();

    private static bool IsNowhere(IPAddress vip, VipHost facts, ImmutableArray<string> listed) =>
        VipPlaces.Of(vip, facts, listed) is [var place] && !VipPlaces.IsOf(vip, place, facts);

    private static Finding Missing(string name) => Finding.Error(
        "announce-interface",
        name,
        $"Interface {name} (lb.announce.interfaces) is not there.",
        "VIPs that belong there are not answered for.",
        "make it, or correct lb.announce.interfaces; 'ip link' lists what there is");

    private static Finding Unlisted(string name) => Finding.Warning(
        "announce-unlisted",
        name,
        $"VIPs are put on {name} (lb.announce.interfaces), and no packets are taken from it (lb.interfaces).",
        "Packets for a VIP that arrive there go to the host's own stack, which refuses them unless a relay has them.",
        $"add {name} to lb.interfaces");

    private static Finding Nowhere(IPAddress vip, ImmutableArray<string> listed) => Finding.Warning(
        "announce-subnet",
        $"{vip}",
        $"VIP {vip} is of no network of {string.Join(" or ", listed)} (lb.announce.interfaces).",
        "Hosts of those networks do not ask for it by ARP or NDP unless they have a route that says so; routers send it elsewhere.",
        "use an address of the clients' segment, or announce by routing");

    private static Finding Own(IPAddress vip) => Finding.Warning(
        "announce-own",
        $"{vip}",
        $"The host itself has VIP {vip} for good, and lb.announce.mode = arp has one node at a time answer for it.",
        "The announcer does not touch an address that is the host's own: this host answers for it even when another node holds it.",
        $"ip addr del {vip} dev INTERFACE");
}
