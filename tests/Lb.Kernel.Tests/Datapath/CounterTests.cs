using System.Net;
using Lb.Kernel.Tests.Fixtures;

namespace Lb.Kernel.Tests.Datapath;

[Collection(KernelCollection.Name)]
public sealed class CounterTests : LoadedDatapathFixture
{
    private static readonly byte[] Frame = Frames.TcpSyn(new Flow(
        IPAddress.Parse("203.0.113.1"), 1024, Samples.Vip4.Address, Samples.Vip4.Port, Samples.Vip4.Protocol));

    [RootFact]
    public void Forwarded_packets_are_counted_for_service_and_backend_until_reset()
    {
        WriteService(Samples.Backend4 with { NextHop = Samples.Hop4 with { InterfaceIndex = 1 } });
        var two = new Traffic { Forwarded = new Counter(2, 2 * (ulong)Frame.Length), NewFlows = 2 };

        Datapath.Program.Run(Frame);
        Datapath.Program.Run(Frame);

        Assert.Equal(two, Datapath.ReadServiceTraffic(7));
        Assert.Equal(two, Datapath.ReadBackendTraffic(1));
        Assert.Equal([default, two], Datapath.ReadBackendTrafficBelow(2));
        Assert.Equal(two, Datapath.ReadServiceTrafficBelow((uint)Datapath.ServiceLimit)[7]);
        Assert.Equal(two, Datapath.ReadBackendTrafficBelow((uint)Datapath.BackendLimit)[1]);
        Assert.Empty(Datapath.ReadBackendTrafficBelow(0));

        Datapath.ResetServiceTraffic(7);
        Assert.Equal(default, Datapath.ReadServiceTraffic(7));
        Assert.Equal(two, Datapath.ReadBackendTraffic(1));

        Datapath.ResetBackendTraffic(1);
        Assert.Equal(default, Datapath.ReadBackendTraffic(1));
    }

    [RootFact]
    public void Dropped_packets_are_counted_by_verdict()
    {
        WriteService(Samples.Backend4 with { NextHop = null });

        TestRun run = Datapath.Program.Run(Frame);

        Assert.Equal(XdpAction.Drop, run.Action);
        IReadOnlyDictionary<Verdict, Counter> verdicts = Datapath.ReadVerdicts();
        Assert.Equal(new Counter(1, (ulong)Frame.Length), verdicts[Verdict.DropNoNextHop]);
        Assert.Equal(Enum.GetValues<Verdict>().ToHashSet(), verdicts.Keys.ToHashSet());
        Assert.Equal(new Counter(1, (ulong)Frame.Length), Datapath.ReadServiceTraffic(7).Dropped);
    }

    private void WriteService(BackendEntry backend)
    {
        Datapath.WriteBackend(1, backend);
        Datapath.SwapTable(0, [new Slot(1)]);
        Datapath.WriteService(
            Samples.Vip4, new ServiceEntry(7, 0, 1, 0, ForwardingMode.DsrIpip, Tracking.Minimal));
    }
}
