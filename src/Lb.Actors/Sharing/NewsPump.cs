using Lb.Kernel;

namespace Lb.Actors;

/// <summary>
/// Takes news of entries out of the kernel on a thread of its own and hands them on in batches. It waits for each batch to be
/// dealt with: what comes meanwhile waits in the kernel, which counts what it has no room for.
/// </summary>
internal sealed class NewsPump
{
    /// <summary>How many records a batch has at most.</summary>
    public const int MostInBatch = 8192;

    /// <summary>Time between two batches: the more flows at once, the fewer messages.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly IFlowNews _news;
    private readonly Action<NewsBatch> _into;
    private TaskCompletionSource _dealt = new();
    private volatile bool _ends;

    /// <summary>Begins.</summary>
    /// <param name="news">What it reads, and closes in the end.</param>
    /// <param name="into">What is called for each batch.</param>
    public NewsPump(IFlowNews news, Action<NewsBatch> into)
    {
        _news = news;
        _into = into;
        _dealt.SetResult();
        new Thread(Run) { Name = "flow news", IsBackground = true }.Start();
    }

    /// <summary>The last batch was dealt with.</summary>
    public void Dealt() => Volatile.Read(ref _dealt).TrySetResult();

    /// <summary>Has the thread end, which closes what it reads; it is not waited for.</summary>
    public void End()
    {
        _ends = true;
        _news.Wake();
        Dealt();
    }

    private void Run()
    {
        using (_news)
        {
            Read();
        }
    }

    private void Read()
    {
        ulong lost = _news.ReadCounts().NoRoom;
        while (!_ends)
        {
            _news.Wait(LongestWait);
            List<FlowNews> records = [];
            _news.Read(records.Add, MostInBatch);
            ulong lostNow = _news.ReadCounts().NoRoom;
            if (records.Count == 0 && lostNow == lost)
            {
                continue;
            }

            Volatile.Read(ref _dealt).Task.Wait();
            if (_ends)
            {
                return;
            }

            Volatile.Write(ref _dealt, new TaskCompletionSource());
            _into(new NewsBatch(records, lostNow - lost));
            lost = lostNow;
            Thread.Sleep(Pace);
        }
    }
}

/// <summary>News of entries.</summary>
/// <param name="Records">The records, the oldest first.</param>
/// <param name="Lost">How many more there were that the kernel had no room for.</param>
internal sealed record NewsBatch(IReadOnlyList<FlowNews> Records, ulong Lost);
