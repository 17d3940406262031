using Lb.Kernel.Datapath;
using Lb.Kernel.Handles;
using Lb.Kernel.Interop;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;

namespace Lb.Kernel;

/// <summary>The reading end of the flow log. One thread waits and reads; any may wake it.</summary>
public sealed unsafe class FlowLogReader : IDisposable
{
    private readonly RingBuffer<FlowEventValue> _ring;
    private readonly Descriptor _wake;

    internal FlowLogReader(RingBuffer<FlowEventValue> ring)
    {
        _ring = ring;
        try
        {
            _wake = new Descriptor(
                Failure.CheckErrno(LibC.Event(0, LibC.EventCloseOnExec), "eventfd(flow log)"));
        }
        catch
        {
            ring.Dispose();
            throw;
        }
    }

    /// <summary>Waits until there may be an event, somebody wakes it, or the time is over.</summary>
    /// <param name="longest">The time.</param>
    public void Wait(TimeSpan longest)
    {
        LibC.PollEntry* entries = stackalloc LibC.PollEntry[]
        {
            new LibC.PollEntry { Descriptor = _ring.Descriptor.Value, Wanted = LibC.PollIn },
            new LibC.PollEntry { Descriptor = _wake.Value, Wanted = LibC.PollIn },
        };

        // A signal ends it early, which does no harm.
        _ = LibC.Poll(entries, 2, (int)longest.TotalMilliseconds);
    }

    /// <summary>Ends this wait and every later one.</summary>
    public void Wake()
    {
        ulong one = 1;
        _ = LibC.Write(_wake, &one, sizeof(ulong));
    }

    /// <summary>Takes events out, the oldest first.</summary>
    /// <param name="into">What is called for each.</param>
    /// <param name="most">How many at most.</param>
    /// <returns>How many there were.</returns>
    public int Read(Action<FlowEvent> into, int most)
    {
        ArgumentNullException.ThrowIfNull(into);
        DateTimeOffset boot = MonotonicClock.Start();
        return _ring.Read(value => into(value.ToEvent(boot)), most);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ring.Dispose();
        _wake.Dispose();
    }
}
