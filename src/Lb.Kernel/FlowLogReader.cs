using Lb.Kernel.Datapath;
using Lb.Kernel.Handles;
using Lb.Kernel.Interop;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;

namespace Lb.Kernel;

/// <summary>The flow log of the kernel.</summary>
internal sealed unsafe class FlowLogReader : IFlowLog
{
    private readonly RingBuffer<FlowEventValue> _ring;
    private readonly PerCpuArray<LogCountsValue> _counts;
    private readonly Descriptor _wake;

    /// <summary>Takes both maps over.</summary>
    public FlowLogReader(RingBuffer<FlowEventValue> ring, PerCpuArray<LogCountsValue> counts)
    {
        _ring = ring;
        _counts = counts;
        try
        {
            _wake = new Descriptor(Failure.CheckErrno(LibC.Event(0, LibC.EventCloseOnExec), "eventfd(flow log)"));
        }
        catch
        {
            ring.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Wait(TimeSpan longest)
    {
        LibC.PollEntry* entries = stackalloc LibC.PollEntry[2];
        entries[0] = new LibC.PollEntry { Descriptor = _ring.Descriptor.Value, Wanted = LibC.PollIn };
        entries[1] = new LibC.PollEntry { Descriptor = _wake.Value, Wanted = LibC.PollIn };

        // A signal ends it early, which does no harm.
        if (LibC.Poll(entries, 2, (int)longest.TotalMilliseconds) > 0 && entries[1].Ready != 0)
        {
            ulong wakes;
            _ = LibC.Read(_wake, &wakes, sizeof(ulong));
        }
    }

    /// <inheritdoc/>
    public void Wake()
    {
        ulong one = 1;
        _ = LibC.Write(_wake, &one, sizeof(ulong));
    }

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
        _wake.Dispose();
    }
}
