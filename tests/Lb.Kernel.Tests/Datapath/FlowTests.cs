using System.Net;
using Lb.Kernel.Tests.Fixtures;

namespace Lb.Kernel.Tests.Datapath;

[Collection(KernelCollection.Name)]
public sealed class FlowTests : LoadedDatapathFixture
{
    private const int Slots = 97;
    private const uint Seed = 0xC0FFEE;

    [RootTheory]
    [InlineData("192.0.2.10", "203.0.113.")]
    [InlineData("2001:db8::10", "2001:db8:ffff::")]
    public void Flow_hash_finds_the_slots_that_the_program_chose(string vip, string clientPrefix)
    {
        Flow[] flows = Track(IPAddress.Parse(vip), clientPrefix, count: 50);

        IReadOnlyList<FlowRecord> records = Datapath.ReadFlows();

        Assert.Equal(flows.ToHashSet(), records.Select(record => record.Flow).ToHashSet());
        Assert.All(records, record =>
        {
            Assert.Equal(FlowHash.Slot(record.Flow, Seed, Slots), record.Slot);
            Assert.Equal(1u, record.Backend);
            Assert.True(record.Pending, "a flow of which only the SYN was seen is not pending");
            Assert.InRange(record.Idle, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        });
    }

    [RootFact]
    public void More_flows_than_a_batch_holds_are_all_read()
    {
        var spec = new DatapathSpec(TestSite.Small with { Pending = 65_536 }, insertRate: 100_000_000);
        using LoadedDatapath large = spec.Load();
        Flow[] flows = Track(IPAddress.Parse("192.0.2.10"), "203.0.113.", 20_000, large);

        Assert.Equal(flows.Length, large.ReadFlows().Count);
        FlowSample sample = large.SampleFlows(service: null, limit: 10);
        Assert.Equal((flows.Length, flows.Length, flows.Length, 10), ((int)sample.All, (int)sample.Matching, (int)sample.Pending, sample.Flows.Count));
        Assert.Equal(0, large.SampleFlows(service: 99, limit: 10).Matching);
        Assert.Equal(flows.Length, large.ReadMaps().Single(map => map.Name == "lb_pending4").Entries);
    }

    [RootFact]
    public void Deleted_flows_are_counted_and_those_that_were_gone_are_skipped()
    {
        Flow[] flows = Track(IPAddress.Parse("192.0.2.10"), "203.0.113.", count: 3);

        Assert.Equal(2, Datapath.DeleteFlows([flows[0], flows[1], flows[0] with { SourcePort = 9 }]));
        Assert.Equal(flows[2], Assert.Single(Datapath.ReadFlows()).Flow);
    }

    /// <summary>Sends the SYNs of so many flows through a service that remembers every flow.</summary>
    private Flow[] Track(IPAddress vip, string clientPrefix, int count, LoadedDatapath? datapath = null)
    {
        LoadedDatapath target = datapath ?? Datapath;
        var endpoint = new Endpoint(vip, 80, TransportProtocol.Tcp);
        IPAddress backend = vip.GetAddressBytes().Length == 4 ? Samples.Backend4.Address : IPAddress.Parse("2001:db8:2::1");
        target.WriteBackend(1, Samples.Backend4 with
        {
            Service = 0,
            Address = backend,
            NextHop = Samples.Hop4 with { SourceAddress = backend, InterfaceIndex = 1 },
        });
        target.SwapTable(0, [.. Enumerable.Repeat(new Slot(1), Slots)]);
        target.WriteService(endpoint, new ServiceEntry(0, 0, Slots, Seed, ForwardingMode.DsrIpip, Tracking.Full));
        Flow[] flows = [.. Enumerable.Range(0, count).Select(i => new Flow(
            IPAddress.Parse($"{clientPrefix}{1 + (i % 200)}"), (ushort)(1024 + (i / 200)), vip, 80, TransportProtocol.Tcp))];
        foreach (Flow flow in flows)
        {
            Assert.Equal(XdpAction.Transmit, target.Program.Run(Frames.TcpSyn(flow)).Action);
        }

        return flows;
    }
}
