using System.Net;
using Lb.Kernel.Datapath;
using Lb.Kernel.Handles;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;
using Lb.Kernel.Tests.Fixtures;

namespace Lb.Kernel.Tests.Datapath;

/// <summary>Backends of nat with ranges of ports, and how their replies are found.</summary>
[Collection(KernelCollection.Name)]
public sealed class NatRangeTests : LoadedDatapathFixture
{
    private static readonly Endpoint s_wide = Of("10.0.2.11", 5000, 5999);
    private static readonly Endpoint s_inside = Of("10.0.2.11", 5500, 5599);
    private static readonly Endpoint s_single = new(IPAddress.Parse("10.0.2.11"), 5555, TransportProtocol.Tcp);
    private static readonly Endpoint s_other = Of("2001:db8:2::11", 1, ushort.MaxValue);

    [RootFact]
    public void Replies_are_found_once_they_are_to_be_and_what_is_closest_has_them()
    {
        Put(s_wide, s_inside, s_single, s_other);
        Assert.Equal(4, Datapath.ReadNat().Count);
        Assert.Empty(Datapath.ReadNatRanges());
        Assert.Null(Reply("10.0.2.11", 5000));

        Datapath.WriteNatRanges(Set(s_wide, s_inside, s_other));
        Assert.Equal(Set(s_wide, s_inside, s_other), Datapath.ReadNatRanges());
        Assert.Equal((1u, (ushort)5499), Reply("10.0.2.11", 5499));
        Assert.Equal((2u, (ushort)5500), Reply("10.0.2.11", 5500));
        Assert.Equal((3u, (ushort)80), Reply("10.0.2.11", 5555));
        Assert.Equal((4u, ushort.MaxValue), Reply("2001:db8:2::11", ushort.MaxValue));
        Assert.Null(Reply("10.0.2.11", 6000));
        Assert.Null(Reply("10.0.2.12", 5000));
    }

    [RootFact]
    public void Flags_of_the_node_say_whether_there_are_any()
    {
        Put(s_wide);
        Assert.False(HasFlag(NodeFlags.NatRanges4));
        Datapath.WriteNatRanges(Set(s_wide));
        Assert.True(HasFlag(NodeFlags.NatRanges4) && HasFlag(NodeFlags.Nat4));
        Assert.False(HasFlag(NodeFlags.NatRanges6) || HasFlag(NodeFlags.Ranges4));
        Assert.Empty(Datapath.CheckSetup());
        Datapath.WriteNatRanges(Set());
        Datapath.DeleteNat(s_wide);
        Assert.False(HasFlag(NodeFlags.NatRanges4) || HasFlag(NodeFlags.Nat4));
        Assert.Empty(Datapath.ReadNat());
    }

    [RootFact]
    public void What_is_damaged_is_seen_and_written_again()
    {
        Put(s_wide);
        Datapath.WriteNatRanges(Set(s_wide));
        using var ports = new LpmTable<PortsKey>(MapNames.NatPorts, Duplicate(MapNames.NatPorts));
        ports.Delete(ports.ReadAll()[0].Key);
        Assert.Empty(Datapath.ReadNatRanges());

        Datapath.WriteNatRanges(Set(s_wide));
        Assert.Equal(Set(s_wide), Datapath.ReadNatRanges());
        Assert.NotNull(Reply("10.0.2.11", 5000));
    }

    [RootFact]
    public void Change_that_finds_no_room_leaves_all_as_it_was_and_names_the_map()
    {
        Put(s_wide);
        Datapath.WriteNatRanges(Set(s_wide));
        using var hosts = new LpmTable<PrefixKey4>(MapNames.NatHosts4, Duplicate(MapNames.NatHosts4));
        var strangers = new List<PrefixKey4>();
        for (int i = 1; i < hosts.Capacity; i++)
        {
            strangers.Add(PrefixKey4.From(new IPNetwork(new IPAddress([198, 18, (byte)(i >> 8), (byte)i]), 32)));
            hosts.Set(strangers[^1], (uint)i + 1);
        }

        using var ports = new LpmTable<PortsKey>(MapNames.NatPorts, Duplicate(MapNames.NatPorts));
        int before = ports.ReadAll().Count;
        Endpoint next = Of("10.0.2.12", 5000, 5999);
        Put(next);
        KernelException full = Assert.Throws<KernelException>(() => Datapath.WriteNatRanges(Set(s_wide, next)));
        Assert.Contains("lb_nat_hosts4", full.Message, StringComparison.Ordinal);
        Assert.Contains("raise its size under lb.kernel", full.Message, StringComparison.Ordinal);
        Assert.Equal(before, ports.ReadAll().Count);
        Assert.NotNull(Reply("10.0.2.11", 5000));
        Assert.Null(Reply("10.0.2.12", 5000));

        strangers.ForEach(stranger => hosts.Delete(stranger));
        Datapath.WriteNatRanges(Set(s_wide, next));
        Assert.NotNull(Reply("10.0.2.12", 5000));
    }

    [RootFact]
    public void When_every_number_is_taken_the_message_says_what_to_raise()
    {
        int room = Datapath.BackendLimit - 1;
        Put([.. Enumerable.Range(1, room).Select(i => Of("10.0.2.11", 1, (ushort)(i + 1)))]);
        KernelException full = Assert.Throws<KernelException>(() => Put(Of("10.0.2.12", 1, 2)));
        Assert.Contains("lb_nat_ranges has no number left", full.Message, StringComparison.Ordinal);
        Assert.Contains("kernel.max-backends", full.Message, StringComparison.Ordinal);
        Assert.Equal(room, Datapath.ReadNat().Count);

        Datapath.DeleteNat(Of("10.0.2.11", 1, 9));
        Put(Of("10.0.2.12", 1, 2));
    }

    private static Endpoint Of(string address, ushort first, ushort last) =>
        new(IPAddress.Parse(address), first, TransportProtocol.Tcp) { LastPort = last };

    private static HashSet<Endpoint> Set(params Endpoint[] sources) => [.. sources];

    private void Put(params Endpoint[] sources)
    {
        for (int i = 0; i < sources.Length; i++)
        {
            IPAddress vip = sources[i].Address.GetAddressBytes().Length == 4 ? Samples.Vip4.Address : Samples.Vip6.Address;
            Datapath.WriteNat(sources[i], new NatEntry(vip, sources[i].IsRange ? (ushort)0 : (ushort)80, 7, (uint)i + 1));
        }
    }

    /// <summary>Backend and port of the reply that a packet from this source is; null when it is none.</summary>
    private (uint Backend, ushort Port)? Reply(string address, ushort port)
    {
        IPAddress from = IPAddress.Parse(address);
        IPAddress client = IPAddress.Parse(from.GetAddressBytes().Length == 4 ? "203.0.113.1" : "2001:db8:c::1");
        return Datapath.TraceFlow(new Flow(from, port, client, 40_000, TransportProtocol.Tcp)).Reply is { } reply
            ? (reply.Backend, reply.Port)
            : null;
    }

    private Descriptor Duplicate(string map) => Descriptor.Duplicate(Datapath.Maps[map].Value, map);

    private bool HasFlag(NodeFlags flag)
    {
        using var node = new NodeMap(new ArrayMap<NodeValue>(MapNames.Node, Duplicate(MapNames.Node)));
        return node.Has(flag);
    }
}
