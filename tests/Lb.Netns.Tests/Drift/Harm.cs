using Lb.Netns.Tests.Topologies;

namespace Lb.Netns.Tests.Drift;

/// <summary>Something that is done to the kernel's state of a site behind lbd's back.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Words">What lbd has to say of it.</param>
/// <param name="Do">Does it.</param>
internal sealed record Harm(string Name, string Words, Action<Vandal, Topology> Do)
{
    private const byte Tcp = 6;
    private const byte Udp = 17;
    private const int ModeAt = 16;
    private const int SlotsAt = 8;
    private const int TableAt = 4;

    /// <summary>Two of each table of the bed's services.</summary>
    private const uint Buffers = 6;

    public static IReadOnlyList<Harm> All { get; } =
    [
        .. Family("4", Addresses.NatVip4.GetAddressBytes()),
        .. Family("6", Addresses.NatVip6.GetAddressBytes()),
        new("backend overwritten", "backend 4 ", (vandal, _) => vandal.Overwrite("lb_backends", 4, value => value.AsSpan().Fill(0xff))),
        new("backend zeroed", "is gone", (vandal, _) => vandal.Overwrite("lb_backends", 4, Array.Clear)),
        new("backend at another address", "address is", (vandal, _) => vandal.Overwrite("lb_backends", 4, value => value[3] ^= 1)),
        new("slots overwritten", "slots, as in slot 7", (vandal, _) => vandal.OverwriteSlots(value => value[0] = 99)),
        new("tables deleted", "of service udp", (vandal, _) => DeleteTables(vandal)),
        new("node's entry overwritten", "the node's entry", (vandal, _) => vandal.Overwrite("lb_node", 0, value => value.AsSpan().Fill(0xff))),
        new("program detached", "the program was detached from client0", (vandal, topology) => vandal.Detach("client0", topology.Lb)),
        new("program detached on the other side", "the program was detached from backend0", (vandal, topology) => vandal.Detach("backend0", topology.Lb)),
        new("interface made anew", "interface client0 was made anew", (_, topology) => topology.ReplaceClientLink()),
        new("pin of a map removed", "the pin of the map lb_flows4 is gone", (vandal, _) => vandal.Unpin("maps/lb_flows4")),
        new("pin of the node removed", "the pin of the map lb_node is gone", (vandal, _) => vandal.Unpin("maps/lb_node")),
        new("pin of the program removed", "the pin of the program lb_xdp is gone", (vandal, _) => vandal.Unpin("progs/lb_xdp")),
        new("pins of the tables removed", "the pin of a buffer of table 0 is gone", (vandal, _) => vandal.Unpin("tables")),
        new("pins of the links removed", "the pin of the link to client0 is gone", (vandal, _) => vandal.Unpin("links")),
        new("all pins removed", "the pin of the map lb_vips4 is gone", (vandal, _) => vandal.Unpin("")),
    ];

    private static IEnumerable<Harm> Family(string family, byte[] vip)
    {
        string services = $"lb_vips{family}";
        int portAt = vip.Length;
        return
        [
            new($"service of IPv{family} overwritten", "differs: mode", (vandal, _) => vandal.Overwrite(services, IsService, value => value[ModeAt] = 9)),
            new($"service of IPv{family} names another table", "differs: table", (vandal, _) => vandal.Overwrite(services, IsService, value => value[TableAt] = 0x55)),
            new($"service of IPv{family} has other slots", "differs: number of slots", (vandal, _) => vandal.Overwrite(services, IsService, value => value[SlotsAt]++)),
            new($"service of IPv{family} deleted", "is gone", (vandal, _) => vandal.Delete(services, IsService)),
            new($"service of IPv{family} added", "is not ours", (vandal, _) => vandal.Add(services, IsService, key => key[portAt] ^= 0x40)),
            new($"mark of a VIP of IPv{family} deleted", "the mark of", (vandal, _) => vandal.Delete(services, (key, _) => !HasPort(key))),
            new($"reply side of IPv{family} overwritten", "reply side of backend", (vandal, _) => vandal.Overwrite($"lb_nat{family}", Any, value => value[1] ^= 0x10)),
            new($"reply side of IPv{family} deleted", "reply side of backend", (vandal, _) => vandal.Delete($"lb_nat{family}", Any)),
            new($"direct prefix of IPv{family} deleted", "direct prefix", (vandal, _) => vandal.Delete($"lb_direct{family}", Any)),
        ];

        // Where there is one of UDP it is that one: the live traffic shows what it costs.
        bool IsService(byte[] key, byte[] value) => HasPort(key)
            && key.AsSpan(0, vip.Length).SequenceEqual(vip)
            && key[portAt + 2] == (family == "4" ? Udp : Tcp);

        bool HasPort(byte[] key) => key[portAt] != 0 || key[portAt + 1] != 0;
    }

    private static bool Any(byte[] key, byte[] value) => true;

    private static void DeleteTables(Vandal vandal)
    {
        for (uint buffer = 0; buffer < Buffers; buffer++)
        {
            vandal.DeleteIndex("lb_tables", buffer);
        }
    }
}
