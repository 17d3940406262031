using Lb.Kernel.Handles;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;

namespace Lb.Kernel.Datapath;

/// <summary>The news of flows: its ring buffer and its counters.</summary>
internal sealed class FlowNewsMaps(Descriptor ring, Descriptor counts) : IDisposable
{
    private readonly PerCpuArray<NewsCountsValue> _counts = new(MapNames.NewsCounts, counts);

    public FlowNewsCounts ReadCounts() => Sum(_counts);

    public FlowNewsReader OpenReader()
    {
        var own = new PerCpuArray<NewsCountsValue>(MapNames.NewsCounts, Duplicate(counts));
        RingBuffer<FlowNewsValue>? opened = null;
        try
        {
            opened = new RingBuffer<FlowNewsValue>(MapNames.FlowNews, Duplicate(ring));
            return new FlowNewsReader(opened, own, new RingWaiter(opened.Descriptor, MapNames.FlowNews));
        }
        catch
        {
            opened?.Dispose();
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
    internal static FlowNewsCounts Sum(PerCpuArray<NewsCountsValue> counts) =>
        counts.Read(0).Aggregate(default(FlowNewsCounts), (sum, part) => sum + part);

    private static Descriptor Duplicate(Descriptor map) => Descriptor.Duplicate(map.Value, "dup(flow news)");
}
