using System.Net;
using System.Net.Sockets;
using Lb.Kernel.Datapath;
using Lb.Kernel.Handles;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;
using Lb.Kernel.Tests.Fixtures;

namespace Lb.Kernel.Tests.Datapath;

[Collection(KernelCollection.Name)]
public sealed class RangeTests : LoadedDatapathFixture
{
    private static readonly Endpoint s_wide = Of("192.0.2.0/24", 1, ushort.MaxValue);
    private static readonly Endpoint s_range = Of("192.0.2.10/32", 5000, 5999);
    private static readonly Endpoint s_narrow = Of("192.0.2.10/32", 5000, 5499);
    private static readonly Endpoint s_prefix6 = Of("2001:db8:7::/48", 80, 80);

    [RootFact]
    public void Services_of_ranges_are_read_as_written_and_found_when_they_are_to_be()
    {
        Put(s_wide, s_range, s_prefix6);
        Assert.Equal(3, Datapath.ReadServices().Count);
        Assert.Empty(Datapath.ReadRanges());
        Assert.Null(Found("192.0.2.10", 5000));

        Find(s_wide, s_range, s_prefix6);
        Assert.Equal([s_wide, s_range, s_prefix6], Datapath.ReadRanges().OrderBy(Rank));
        Assert.Equal(s_range, Found("192.0.2.10", 5999));
        Assert.Equal(s_wide, Found("192.0.2.10", 6000));
        Assert.Equal(s_wide, Found("192.0.2.255", 5000));
        Assert.Equal(s_prefix6, Found("2001:db8:7:ffff::1", 80));
        Assert.Null(Found("2001:db8:8::1", 80));
        Assert.Empty(Datapath.ReadVips());
    }

    [RootFact]
    public void Range_that_becomes_narrower_is_found_where_it_was_until_it_is_the_new_one()
    {
        Put(s_range);
        Find(s_range);
        Put(s_narrow);
        Assert.Equal(s_range, Found("192.0.2.10", 5000));

        Find(s_narrow);
        Datapath.DeleteService(s_range);
        Assert.Equal(s_narrow, Found("192.0.2.10", 5499));
        Assert.Null(Found("192.0.2.10", 5500));
        Assert.Equal([s_narrow], Datapath.ReadRanges());
        Assert.Equal([s_narrow], Datapath.ReadServices().Keys);
    }

    [RootFact]
    public void What_is_damaged_is_seen_and_written_again()
    {
        Put(s_wide, s_range);
        Find(s_wide, s_range);
        using var ports = new LpmTable<PortsKey>(MapNames.Ports, Duplicate(MapNames.Ports));
        ports.Delete(ports.ReadAll()[0].Key);
        Assert.Empty(Datapath.ReadRanges());

        Find(s_wide, s_range);
        Assert.Equal(2, Datapath.ReadRanges().Count);
        Assert.Equal(s_range, Found("192.0.2.10", 5000));
    }

    [RootFact]
    public void Ports_of_the_past_are_removed_with_the_next_change()
    {
        using var ports = new LpmTable<PortsKey>(MapNames.Ports, Duplicate(MapNames.Ports));
        Put(s_range);
        for (int i = 0; i < 20; i++)
        {
            Find(s_range);
            Find();
        }

        Find();
        Assert.Empty(ports.ReadAll());
        Assert.Null(Found("192.0.2.10", 5000));
    }

    [RootFact]
    public void Number_of_a_service_that_has_gone_is_given_to_another()
    {
        for (int i = 0; i < 10 * Datapath.ServiceLimit; i++)
        {
            Endpoint service = Of("192.0.2.10/32", 1000, (ushort)(1001 + i));
            Put(service);
            Find(service);
            Assert.Equal(service, Found("192.0.2.10", 1001));
            Find();
            Datapath.DeleteService(service);
        }

        Assert.Empty(Datapath.ReadServices());
    }

    [RootFact]
    public void Flags_of_the_node_say_whether_there_are_any()
    {
        Assert.False(HasFlag(NodeFlags.Ranges4) || HasFlag(NodeFlags.Ranges6));
        Put(s_range);
        Find(s_range);
        Assert.True(HasFlag(NodeFlags.Ranges4));
        Assert.False(HasFlag(NodeFlags.Ranges6));
        Assert.Empty(Datapath.CheckSetup());
        Find();
        Assert.False(HasFlag(NodeFlags.Ranges4));
    }

    private Descriptor Duplicate(string map) => Descriptor.Duplicate(Datapath.Maps[map].Value, map);

    private bool HasFlag(NodeFlags flag)
    {
        using var node = new NodeMap(new ArrayMap<NodeValue>(MapNames.Node, Duplicate(MapNames.Node)));
        return node.Has(flag);
    }

    private static int Rank(Endpoint service) => Array.IndexOf([s_wide, s_range, s_prefix6], service);

    private static Endpoint Of(string network, ushort first, ushort last) =>
        Endpoint.Of(IPNetwork.Parse(network), first, last, TransportProtocol.Tcp);

    private void Put(params Endpoint[] services)
    {
        for (int i = 0; i < services.Length; i++)
        {
            Datapath.WriteService(services[i], Samples.Service with { Id = (uint)i });
        }
    }

    private void Find(params Endpoint[] services) => Datapath.WriteRanges(services.ToHashSet());

    private Endpoint? Found(string address, ushort port)
    {
        IPAddress to = IPAddress.Parse(address);
        IPAddress client = IPAddress.Parse(to.AddressFamily == AddressFamily.InterNetwork ? "203.0.113.1" : "2001:db8:c::1");
        return Datapath.TraceFlow(new Flow(client, 40_000, to, port, TransportProtocol.Tcp)).ServiceVip;
    }
}
