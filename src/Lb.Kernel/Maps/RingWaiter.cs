using Lb.Kernel.Handles;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Maps;

/// <summary>Waits for records of a ring buffer, or for somebody who has something else to say.</summary>
internal sealed unsafe class RingWaiter : IDisposable
{
    private readonly Descriptor _ring;
    private readonly Descriptor _wake;

    /// <summary>Waits for a ring buffer, which it does not own.</summary>
    /// <param name="ring">The ring buffer's descriptor.</param>
    /// <param name="name">For messages of exceptions.</param>
    public RingWaiter(Descriptor ring, string name)
    {
        _ring = ring;
        _wake = new Descriptor(Failure.CheckErrno(LibC.Event(0, LibC.EventCloseOnExec), $"eventfd({name})"));
    }

    /// <summary>Waits until there may be a record, somebody wakes it, or the time is over.</summary>
    public void Wait(TimeSpan longest)
    {
        LibC.PollEntry* entries = stackalloc LibC.PollEntry[2];
        entries[0] = new LibC.PollEntry { Descriptor = _ring.Value, Wanted = LibC.PollIn };
        entries[1] = new LibC.PollEntry { Descriptor = _wake.Value, Wanted = LibC.PollIn };

        // A signal ends it early, which does no harm.
        if (LibC.Poll(entries, 2, (int)longest.TotalMilliseconds) > 0 && entries[1].Ready != 0)
        {
            ulong wakes;
            _ = LibC.Read(_wake, &wakes, sizeof(ulong));
        }
    }

    /// <summary>Ends the wait, or the next one when nobody waits.</summary>
    public void Wake()
    {
        ulong one = 1;
        _ = LibC.Write(_wake, &one, sizeof(ulong));
    }

    /// <inheritdoc/>
    public void Dispose() => _wake.Dispose();
}
