using Lb.Actors;

namespace Lb.Host.Configuration;

/// <summary>What must hold between the keys of the announcer.</summary>
internal static class AnnounceRules
{
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
