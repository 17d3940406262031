using Lb.Kernel.Handles;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;

namespace Lb.Kernel.Datapath;

/// <summary>The flow log: its ring buffer and its counters.</summary>
internal sealed class FlowLogMaps(Descriptor ring, Descriptor counts) : IDisposable
{
    private readonly PerCpuArray<LogCountsValue> _counts = new(MapNames.LogCounts, counts);

    public FlowLogCounts ReadCounts() => Sum(_counts);

    public FlowLogReader OpenReader()
    {
        var own = new PerCpuArray<LogCountsValue>(MapNames.LogCounts, Duplicate(counts));
        try
        {
            return new FlowLogReader(new RingBuffer<FlowEventValue>(MapNames.FlowLog, Duplicate(ring)), own);
        }
        catch
        {
            own.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        ring.Dispose();
        _counts.Dispose();
    }

    /// <summary>All CPUs together.</summary>
    internal static FlowLogCounts Sum(PerCpuArray<LogCountsValue> counts) =>
        counts.Read(0).Aggregate(default(FlowLogCounts), (sum, part) => sum + part);

    private static Descriptor Duplicate(Descriptor map) => Descriptor.Duplicate(map.Value, "dup(flow log)");
}
