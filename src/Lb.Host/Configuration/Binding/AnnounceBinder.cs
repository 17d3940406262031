namespace Lb.Host.Configuration;

/// <summary>Makes the announcer's options from a configuration that was found right.</summary>
internal static class AnnounceBinder
{
    public static AnnounceOptions Bind(SectionValues lb)
    {
        SectionValues announce = lb.Get(AnnounceKeys.Key);
        string[] named = [.. announce.Get(AnnounceKeys.Interfaces).Select(name => name.Value)];
        return new AnnounceOptions(
            announce.Get(AnnounceKeys.Mode),
            named is [] ? [.. lb.Get(NodeKeys.Interfaces).Select(name => name.Value)] : [.. named],
            [.. announce.Get(AnnounceKeys.Addresses).Select(address => address.Value)],
            announce.Get(AnnounceKeys.Lifetime),
            announce.Get(AnnounceKeys.Prefers))
        {
            Bgp = BindBgp(announce.Get(AnnounceKeys.Bgp.Key)),
        };
    }

    private static BgpOptions BindBgp(SectionValues bgp) => new(
        bgp.Get(AnnounceKeys.Bgp.Program),
        (uint)bgp.Get(AnnounceKeys.Bgp.LocalAs),
        bgp.Get(AnnounceKeys.Bgp.RouterId),
        bgp.Get(AnnounceKeys.Bgp.WithdrawEmpty),
        bgp.Get(AnnounceKeys.Bgp.BfdInterval),
        (int)bgp.Get(AnnounceKeys.Bgp.BfdMultiplier),
        [.. bgp.Get(AnnounceKeys.Bgp.Neighbors).Select(neighbor => BindNeighbor(neighbor.Name, neighbor.Values))]);

    private static BgpNeighbor BindNeighbor(string name, SectionValues neighbor) => new(
        name,
        neighbor.Get(AnnounceKeys.Neighbor.Address),
        (uint)neighbor.Get(AnnounceKeys.Neighbor.As),
        neighbor.Find(AnnounceKeys.Neighbor.Password)?.Value ?? string.Empty,
        neighbor.Find(AnnounceKeys.Neighbor.Bfd)?.Value ?? true,
        (int?)neighbor.Find(AnnounceKeys.Neighbor.Hops)?.Value);
}
