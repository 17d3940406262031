using System.Collections.Concurrent;
using Lb.Kernel;

namespace Lb.Testing;

/// <summary>A flow log in memory, which a test writes.</summary>
public sealed class FakeFlowLog : IFlowLog
{
    private readonly ConcurrentQueue<FlowEvent> _events = [];
    private readonly SemaphoreSlim _wake = new(0);
    private volatile Counted _counts = new(default);

    /// <summary>Adds an event, as the program does when a packet was forwarded.</summary>
    public void Add(FlowEvent happened)
    {
        _events.Enqueue(happened);
        Wake();
    }

    /// <summary>Sets the counters.</summary>
    public void Count(FlowLogCounts counts)
    {
        _counts = new Counted(counts);
        Wake();
    }

    public void Wait(TimeSpan longest) => _wake.Wait(longest);

    public void Wake() => _wake.Release();

    public int Read(Action<FlowEvent> into, int most)
    {
        int count = 0;
        while (count < most && _events.TryDequeue(out FlowEvent happened))
        {
            into(happened);
            count++;
        }

        return count;
    }

    public FlowLogCounts ReadCounts() => _counts.Value;

    public void Dispose()
    {
        // A datapath hands out the same one again.
    }

    private sealed record Counted(FlowLogCounts Value);
}
