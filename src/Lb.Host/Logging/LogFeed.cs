using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;

namespace Lb.Host.Logging;

/// <summary>
/// The newest events of the log, in memory, and those who follow it. Whoever logs never waits for them: a reader that
/// is too slow loses the oldest events, and is told how many.
/// </summary>
internal sealed class LogFeed
{
    /// <summary>Events that are kept.</summary>
    public const int Kept = 1000;

    /// <summary>Readers at once.</summary>
    public const int MostReaders = 32;

    /// <summary>Events that a reader may be behind.</summary>
    private const int Backlog = 1000;

    private readonly Lock _gate = new();
    private readonly Queue<LogEntry> _newest = new(Kept);
    private readonly ConcurrentDictionary<string, bool> _categories = new(StringComparer.Ordinal);
    private ImmutableArray<LogReader> _readers = [];

    /// <summary>Categories that somebody logs in.</summary>
    public IEnumerable<string> Categories => _categories.Keys.Order(StringComparer.Ordinal);

    /// <summary>Notes a category.</summary>
    public void Know(string category) => _categories.TryAdd(category, true);

    /// <summary>Adds an event.</summary>
    public void Add(LogEntry entry)
    {
        lock (_gate)
        {
            if (_newest.Count == Kept)
            {
                _newest.Dequeue();
            }

            _newest.Enqueue(entry);
            foreach (LogReader reader in _readers)
            {
                reader.Add(entry);
            }
        }
    }

    /// <summary>The newest events, oldest first.</summary>
    public ImmutableArray<LogEntry> Newest()
    {
        lock (_gate)
        {
            return [.. _newest];
        }
    }

    /// <summary>
    /// Follows the log: what is there already, and from then on each event, none twice and none left out.
    /// </summary>
    /// <returns>Null when there are too many readers.</returns>
    public LogReader? Follow()
    {
        lock (_gate)
        {
            if (_readers.Length == MostReaders)
            {
                return null;
            }

            LogReader reader = new([.. _newest], Backlog, Leave);
            _readers = _readers.Add(reader);
            return reader;
        }
    }

    private void Leave(LogReader reader)
    {
        lock (_gate)
        {
            _readers = _readers.Remove(reader);
        }
    }
}

/// <summary>Somebody who follows the log.</summary>
internal sealed class LogReader : IDisposable
{
    private readonly Action<LogReader> _leave;
    private readonly Channel<LogEntry> _events;
    private long _lost;

    public LogReader(ImmutableArray<LogEntry> before, int backlog, Action<LogReader> leave)
    {
        Before = before;
        _leave = leave;
        _events = Channel.CreateBounded<LogEntry>(
            new BoundedChannelOptions(backlog) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => Interlocked.Increment(ref _lost));
    }

    /// <summary>What was there when the reader came, oldest first.</summary>
    public ImmutableArray<LogEntry> Before { get; }

    /// <summary>What comes since then.</summary>
    public ChannelReader<LogEntry> Events => _events.Reader;

    /// <summary>Events that were lost since the last time that this was asked.</summary>
    public long TakeLost() => Interlocked.Exchange(ref _lost, 0);

    /// <summary>Adds an event; never waits.</summary>
    public void Add(LogEntry entry) => _events.Writer.TryWrite(entry);

    public void Dispose() => _leave(this);
}
