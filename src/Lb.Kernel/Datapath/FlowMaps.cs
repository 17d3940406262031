using System.Net.Sockets;
using Lb.Kernel.Layout;

namespace Lb.Kernel.Datapath;

/// <summary>The flow tables of both address families, established and pending.</summary>
internal sealed class FlowMaps(
    IFlowMap flows4, IFlowMap pending4, IFlowMap flows6, IFlowMap pending6, FullMaps full) : IDisposable
{
    public List<FlowRecord> Read()
    {
        var records = new List<FlowRecord>();
        uint now = Tick.Now;
        foreach (IFlowMap map in All)
        {
            map.ReadInto(records, now);
        }

        full.ReadInto(records, now);

        return records;
    }

    /// <summary>A flow's entries; one that just went from pending to established may have both.</summary>
    public (FlowRecord? Established, FlowRecord? Pending) Find(Flow flow)
    {
        uint now = Tick.Now;
        return flow.Vip.AddressFamily == AddressFamily.InterNetwork
            ? (flows4.Find(flow, now), pending4.Find(flow, now))
            : (flows6.Find(flow, now), pending6.Find(flow, now));
    }

    /// <summary>A flow's entry of full-nat; null when it has none.</summary>
    public FlowRecord? FindFull(Flow flow) => full.Find(flow, Tick.Now);

    /// <summary>Goes through the flows of full-nat and removes those that are over. Any thread may.</summary>
    public FullNatSweep SweepFull(Func<FullNatFlow, bool> isOver) => full.Sweep(isOver);

    /// <summary>The maps by the numbers that their counts have.</summary>
    public IReadOnlyDictionary<FlowTable, ICountedMap> Numbered { get; } = new Dictionary<FlowTable, ICountedMap>
    {
        [FlowTable.Flows4] = flows4,
        [FlowTable.Flows6] = flows6,
        [FlowTable.Pending4] = pending4,
        [FlowTable.Pending6] = pending6,
    };

    /// <summary>Counts all flows and keeps some of one service, or of any.</summary>
    public FlowSample Sample(uint? service, int limit)
    {
        var sampler = new FlowSampler(service, limit);
        uint now = Tick.Now;
        foreach (IFlowMap map in All)
        {
            map.Sample(sampler, now);
        }

        full.Sample(sampler, now);

        return sampler.ToSample();
    }

    /// <summary>Writes entries of established flows.</summary>
    public int Write(IReadOnlyCollection<FlowCopy> flows)
    {
        uint now = Tick.Now;
        return flows4.Write(flows.Where(flow => flow.Flow.Vip.AddressFamily == AddressFamily.InterNetwork), now)
            + flows6.Write(flows.Where(flow => flow.Flow.Vip.AddressFamily == AddressFamily.InterNetworkV6), now);
    }

    public int Delete(IReadOnlyCollection<Flow> flows)
    {
        Flow[] v4 = [.. flows.Where(flow => flow.Vip.AddressFamily == AddressFamily.InterNetwork)];
        Flow[] v6 = [.. flows.Where(flow => flow.Vip.AddressFamily == AddressFamily.InterNetworkV6)];
        return Delete(v4, flows4, pending4) + Delete(v6, flows6, pending6);
    }

    public void Dispose()
    {
        foreach (IFlowMap map in All)
        {
            map.Dispose();
        }

        full.Dispose();
    }

    /// <summary>A flow that just went from pending to established may be in both, and one that came from another mode too.</summary>
    private int Delete(Flow[] flows, IFlowMap established, IFlowMap pending)
    {
        bool[] inOne = established.Delete(flows);
        bool[] inOther = pending.Delete(flows);
        bool[] inFull = [.. flows.Select(full.Delete)];
        return Enumerable.Range(0, flows.Length).Count(i => inOne[i] || inOther[i] || inFull[i]);
    }

    private IFlowMap[] All => [flows4, pending4, flows6, pending6];
}
