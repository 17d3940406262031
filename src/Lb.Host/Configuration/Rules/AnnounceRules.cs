using Lb.Actors;

namespace Lb.Host.Configuration;

/// <summary>What must hold between the keys of the announcer.</summary>
internal static class AnnounceRules
{
    /// <summary>Nobody answers for all addresses of a prefix, and routers are told of single addresses.</summary>
    public static IEnumerable<ConfigIssue> Prefixes(SectionValues announce, IReadOnlyCollection<ServiceDraft> services)
    {
        if (announce.Find(AnnounceKeys.Mode) is not { Value: not AnnounceMode.None } mode)
        {
            yield break;
        }

        foreach (ServiceDraft service in services.Where(service => service.Endpoint is { IsPrefix: true }))
        {
            yield return service.Network!.Error(
                $"{service.Network.Value} is a prefix of VIPs, and announce.mode = {(mode.Value == AnnounceMode.Arp ? "arp" : "bgp")} "
                + "announces single addresses",
                "a single address, or announce.mode = none",
                "route the prefix to the nodes and write announce.mode = none, or write a service for each address");
        }
    }

    public static IEnumerable<ConfigIssue> Check(SectionValues announce)
    {
        if (announce.Find(AnnounceKeys.Mode) is not { Value: AnnounceMode.Bgp } mode)
        {
            yield break;
        }

        SectionValues bgp = announce.Get(AnnounceKeys.Bgp.Key);
        if (bgp.Find(AnnounceKeys.Bgp.LocalAs) is { Value: 0 })
        {
            yield return mode.Error(
                "routes are to be told by BGP and the node has no autonomous system",
                "lb.announce.bgp.local-as beside it",
                "add bgp.local-as = 65001, or the number that the network has for it");
        }

        if (bgp.Get(AnnounceKeys.Bgp.Neighbors).Count == 0)
        {
            yield return mode.Error(
                "routes are to be told by BGP and there is nobody to tell",
                "a neighbor under lb.announce.bgp.neighbors",
                "add bgp.neighbors.tor1 { address = 10.0.0.254, as = 65000 }");
        }
    }
}
