using Lb.Kernel;

namespace Lb.Actors;

/// <summary>
/// Takes news of entries out of the kernel on a thread of its own and hands them on in batches. It waits for each batch to be
/// dealt with: what comes meanwhile waits in the kernel, which counts what it has no room for.
/// </summary>
internal sealed class NewsPump : IDisposable
{
    /// <summary>How many records a batch has at most.</summary>
    public const int MostInBatch = 8192;

    /// <summary>Time between two batches: the more flows at once, the fewer messages.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly IFlowNews _news;
    private readonly Action<NewsBatch> _into;
    private readonly ManualResetEventSlim _stop = new();
    private readonly SemaphoreSlim _dealt = new(1, 1);
    private readonly Thread _thread;

    /// <summary>Begins.</summary>
    /// <param name="news">What it reads, and disposes of.</param>
    /// <param name="into">What is called for each batch.</param>
    public NewsPump(IFlowNews news, Action<NewsBatch> into)
    {
        _news = news;
        _into = into;
        _thread = new Thread(Run) { Name = "flow news", IsBackground = true };
        _thread.Start();
    }

    /// <summary>The last batch was dealt with.</summary>
    public void Dealt() => _dealt.Release();

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Set();
        _news.Wake();
        _dealt.Release();
        _thread.Join();
        _news.Dispose();
        _stop.Dispose();
        _dealt.Dispose();
    }

    private void Run()
    {
        ulong lost = _news.ReadCounts().NoRoom;
        while (!_stop.IsSet)
        {
            _news.Wait(LongestWait);
            List<FlowNews> records = [];
            _news.Read(records.Add, MostInBatch);
            ulong lostNow = _news.ReadCounts().NoRoom;
            if (records.Count == 0 && lostNow == lost)
            {
                continue;
            }

            _dealt.Wait();
            if (_stop.IsSet)
            {
                return;
            }

            _into(new NewsBatch(records, lostNow - lost));
            lost = lostNow;
            _stop.Wait(Pace);
        }
    }
}

/// <summary>News of entries.</summary>
/// <param name="Records">The records, the oldest first.</param>
/// <param name="Lost">How many more there were that the kernel had no room for.</param>
internal sealed record NewsBatch(IReadOnlyList<FlowNews> Records, ulong Lost);
