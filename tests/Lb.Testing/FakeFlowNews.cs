using System.Collections.Concurrent;
using Lb.Kernel;

namespace Lb.Testing;

/// <summary>News of flows in memory, which a test writes.</summary>
public sealed class FakeFlowNews : IFlowNews
{
    private readonly ConcurrentQueue<FlowNews> _news = [];
    private readonly SemaphoreSlim _wake = new(0);
    private long _written;

    /// <summary>What the kernel is to have lost for want of room.</summary>
    public ulong NoRoom { get; set; }

    /// <summary>Adds a record, as the program does when it has made an entry.</summary>
    public void Add(FlowNews made)
    {
        _news.Enqueue(made);
        Interlocked.Increment(ref _written);
        Wake();
    }

    public void Wait(TimeSpan longest) => _wake.Wait(longest);

    public void Wake() => _wake.Release();

    public int Read(Action<FlowNews> into, int most)
    {
        int count = 0;
        while (count < most && _news.TryDequeue(out FlowNews made))
        {
            into(made);
            count++;
        }

        return count;
    }

    public FlowNewsCounts ReadCounts() => new((ulong)Interlocked.Read(ref _written), NoRoom);

    public void Dispose()
    {
        // A datapath hands out the same one again.
    }
}
