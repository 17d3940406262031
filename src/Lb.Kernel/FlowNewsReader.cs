using Lb.Kernel.Datapath;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;

namespace Lb.Kernel;

/// <summary>The news of flows in the kernel.</summary>
internal sealed class FlowNewsReader(RingBuffer<FlowNewsValue> ring, PerCpuArray<NewsCountsValue> counts, RingWaiter waiter)
    : IFlowNews
{
    /// <inheritdoc/>
    public void Wait(TimeSpan longest) => waiter.Wait(longest);

    /// <inheritdoc/>
    public void Wake() => waiter.Wake();

    /// <inheritdoc/>
    public int Read(Action<FlowNews> into, int most) => ring.Read(value => into(value.ToNews()), most);

    /// <inheritdoc/>
    public FlowNewsCounts ReadCounts() => FlowNewsMaps.Sum(counts);

    /// <inheritdoc/>
    public void Dispose()
    {
        ring.Dispose();
        counts.Dispose();
        waiter.Dispose();
    }
}
