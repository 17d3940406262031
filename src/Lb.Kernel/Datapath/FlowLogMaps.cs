using Lb.Kernel.Handles;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;

namespace Lb.Kernel.Datapath;

/// <summary>The flow log: its ring buffer and its counters.</summary>
internal sealed class FlowLogMaps(Descriptor ring, PerCpuArray<LogCountsValue> counts) : IDisposable
{
    public FlowLogCounts ReadCounts() =>
        counts.Read(0).Aggregate(default(FlowLogCounts), (sum, part) => sum + part);

    public FlowLogReader OpenReader() => new(
        new RingBuffer<FlowEventValue>(MapNames.FlowLog, Descriptor.Duplicate(ring.Value, $"dup({MapNames.FlowLog})")));

    public void Dispose()
    {
        ring.Dispose();
        counts.Dispose();
    }
}
