using Lb.Kernel.Datapath;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;

namespace Lb.Kernel;

/// <summary>The flow log of the kernel.</summary>
internal sealed class FlowLogReader : IFlowLog
{
    private readonly RingBuffer<FlowEventValue> _ring;
    private readonly PerCpuArray<LogCountsValue> _counts;
    private readonly RingWaiter _waiter;

    /// <summary>Takes both maps over.</summary>
    public FlowLogReader(RingBuffer<FlowEventValue> ring, PerCpuArray<LogCountsValue> counts)
    {
        _ring = ring;
        _counts = counts;
        try
        {
            _waiter = new RingWaiter(ring.Descriptor, "flow log");
        }
        catch
        {
            ring.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Wait(TimeSpan longest) => _waiter.Wait(longest);

    /// <inheritdoc/>
    public void Wake() => _waiter.Wake();

    /// <inheritdoc/>
    public int Read(Action<FlowEvent> into, int most)
    {
        DateTimeOffset boot = MonotonicClock.Start();
        return _ring.Read(value => into(value.ToEvent(boot)), most);
    }

    /// <inheritdoc/>
    public FlowLogCounts ReadCounts() => FlowLogMaps.Sum(_counts);

    /// <inheritdoc/>
    public void Dispose()
    {
        _ring.Dispose();
        _counts.Dispose();
        _waiter.Dispose();
    }
}
