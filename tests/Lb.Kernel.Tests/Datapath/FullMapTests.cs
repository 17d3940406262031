using System.Net;
using Lb.Kernel.Datapath;
using Lb.Kernel.Handles;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;
using Lb.Kernel.Programs;
using Lb.Kernel.Tests.Fixtures;

namespace Lb.Kernel.Tests.Datapath;

/// <summary>Flows of full-nat and the node's addresses for it, as user space has them.</summary>
[Collection(KernelCollection.Name)]
public sealed class FullMapTests
{
    private static readonly Flow s_flow4 = new(
        IPAddress.Parse("198.51.100.7"), 40_001, IPAddress.Parse("203.0.113.10"), 80, TransportProtocol.Tcp);

    private static readonly Flow s_flow6 = new(
        IPAddress.Parse("2001:db8:c::7"), 40_002, IPAddress.Parse("2001:db8::10"), 53, TransportProtocol.Udp);

    private static readonly IPEndPoint s_source4 = IPEndPoint.Parse("192.0.2.9:2000");
    private static readonly IPEndPoint s_source6 = IPEndPoint.Parse("[2001:db8::9]:3000");

    [RootFact]
    public void Flows_of_both_families_are_read_found_and_deleted_with_their_ports()
    {
        using var site = new TestSite();
        using KernelDatapath datapath = site.Open();
        Put(site, MapNames.Full, s_flow4, s_source4, FullFlags.None, FullFlags.Answered);
        Put(site, MapNames.FullNew, s_flow6, s_source6, FullFlags.None, FullFlags.None);

        Assert.Equal(
            [(s_flow4, s_source4, false), (s_flow6, s_source6, true)],
            datapath.ReadFlows().Select(flow => (flow.Flow, flow.SentFrom!, flow.Pending)));
        Assert.Equal(2, datapath.SampleFlows(null, 10).Matching);
        Assert.Equal(1, datapath.DeleteFlows([s_flow4]));
        Assert.Equal(0, datapath.DeleteFlows([s_flow4]));
        Assert.Equal((0, 2), (Count(site, MapNames.Full), Count(site, MapNames.FullNew)));
    }

    [RootFact]
    public void Port_that_another_flow_has_by_now_stays_with_it()
    {
        using var site = new TestSite();
        using KernelDatapath datapath = site.Open();
        Flow other = s_flow4 with { SourcePort = 50_000 };
        Put(site, MapNames.FullNew, s_flow4, s_source4, FullFlags.None, FullFlags.None);
        Put(site, MapNames.FullNew, other, s_source4, FullFlags.None, FullFlags.None);

        Assert.Equal(1, datapath.DeleteFlows([s_flow4]));

        Assert.Equal([other], datapath.ReadFlows().Select(flow => flow.Flow));
        Assert.Equal(2, Count(site, MapNames.FullNew));
    }

    [RootFact]
    public void Sweep_tells_what_is_there_and_removes_what_is_over()
    {
        using var site = new TestSite();
        using KernelDatapath datapath = site.Open();
        Put(site, MapNames.Full, s_flow4, s_source4, FullFlags.Fin, FullFlags.Fin | FullFlags.Answered, idle: 5);
        Put(site, MapNames.FullNew, s_flow6, s_source6, FullFlags.None, FullFlags.Reset, idle: 5);
        List<FullNatFlow> seen = [];

        FullNatSweep sweep = datapath.SweepFullNat(flow =>
        {
            seen.Add(flow with { Idle = default });
            Assert.InRange(flow.Idle.TotalSeconds, 4, 60);
            return flow.IsNew;
        });

        Assert.Equal(
            [
                new FullNatFlow(3, 2, TransportProtocol.Tcp, false, FullNatState.Closed, default),
                new FullNatFlow(3, 2, TransportProtocol.Udp, true, FullNatState.Reset, default),
            ],
            seen);
        Assert.Equal((1, 0, 1, 1), (sweep.Flows, sweep.New, sweep.Removed, sweep.Ports[2]));
        Assert.Equal((2, 0), (Count(site, MapNames.Full), Count(site, MapNames.FullNew)));
    }

    [RootFact]
    public void Addresses_outlive_the_process_and_maps_grow_with_the_first_of_them()
    {
        using var site = new TestSite();
        FullNatSource[] sources =
            [new(s_source4.Address, 1024, 2047), new(IPAddress.Parse("192.0.2.8"), 1024, 2047), new(s_source6.Address, 1, 65_535)];
        DatapathOptions small = site.Options with { Sizes = site.Options.Sizes with { FullNat = 256, FullNatNew = 256 } };
        DatapathOptions large = site.Options with { Sizes = site.Options.Sizes with { FullNat = 4096, FullNatNew = 1024 } };
        site.Open(small).Dispose();

        using (KernelDatapath second = site.Open(large))
        {
            Assert.Empty(second.ReadFullNatSources());
            second.WriteFullNatSources(sources.ToHashSet());
            Put(site, MapNames.Full, s_flow4, s_source4, FullFlags.None, FullFlags.Answered);
            Assert.Empty(site.Node.Invoke(second.CheckSetup));
        }

        using KernelDatapath third = site.Open(large);
        Assert.Equal(sources.ToHashSet(), third.ReadFullNatSources());
        Assert.Equal([s_flow4], third.ReadFlows().Select(flow => flow.Flow));
        Assert.Equal(8192, third.ReadMaps().Single(map => map.Name == MapNames.Full).Capacity);
        third.WriteFullNatSources(new HashSet<FullNatSource>());
        Assert.Empty(third.ReadFullNatSources());
    }

    private static void Put(
        TestSite site, string map, Flow flow, IPEndPoint source, FullFlags there, FullFlags back, uint idle = 0)
    {
        FlowKey6 client = KeyOf(flow.Source, flow.SourcePort, flow.Vip, flow.VipPort, flow.Protocol);
        IPAddress backend = flow.Vip.AddressFamily == s_source4.AddressFamily
            ? IPAddress.Parse("10.0.2.11")
            : IPAddress.Parse("fd00::11");
        FlowKey6 answer = KeyOf(backend, 8080, source.Address, (ushort)source.Port, flow.Protocol);
        using HashMap<FlowKey6, FullValue> entries = Open(site, map);
        uint seen = Tick.Now - idle;
        entries.Set(client, new FullValue { Becomes = Reverse(answer), Backend = 2, Service = 3, Seen = seen, Flags = there });
        entries.Set(
            answer, new FullValue { Becomes = Reverse(client), Backend = 2, Service = 3, Seen = seen, Flags = back | FullFlags.Reply });
    }

    private static int Count(TestSite site, string map)
    {
        using HashMap<FlowKey6, FullValue> entries = Open(site, map);
        return entries.ReadAll().Count;
    }

    private static HashMap<FlowKey6, FullValue> Open(TestSite site, string map)
    {
        Descriptor pinned = new SitePins(site.Options.BpfFs, site.Options.Site).OpenMap(map)!;
        return new HashMap<FlowKey6, FullValue>(map, pinned);
    }

    private static FlowKey6 Reverse(FlowKey6 key) =>
        key with { Src = key.Dst, Dst = key.Src, Sport = key.Dport, Dport = key.Sport };

    private static FlowKey6 KeyOf(IPAddress from, ushort fromPort, IPAddress to, ushort toPort, TransportProtocol protocol) => new()
    {
        Src = Address16.FromMapped(from),
        Dst = Address16.FromMapped(to),
        Sport = fromPort,
        Dport = toPort,
        Proto = (byte)protocol,
    };
}
