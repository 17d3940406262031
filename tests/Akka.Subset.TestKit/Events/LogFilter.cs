using Akka.Event;

namespace Akka.TestKit;

/// <summary>Recognises log events. While it is in force they are counted and not printed.</summary>
internal sealed class LogFilter(string description, Func<LogEvent, bool> matches)
{
    internal bool Matches(LogEvent logEvent) => matches(logEvent);

    public override string ToString() => description;
}

/// <summary>Filters in force for a while: what matched one of them, and what did not.</summary>
internal sealed class LogFilterSet(IReadOnlyList<LogFilter> filters)
{
    private const int MostKept = 10;

    private readonly Lock _lock = new();
    private readonly Queue<string> _others = new();
    private int _matched;

    internal int Matched
    {
        get
        {
            lock (_lock)
            {
                return _matched;
            }
        }
    }

    internal string Others
    {
        get
        {
            lock (_lock)
            {
                return _others.Count == 0
                    ? "nothing else was logged"
                    : "logged besides:" + string.Concat(_others.Select(text => Environment.NewLine + "  " + text));
            }
        }
    }

    /// <summary>Takes an event; true when it matched.</summary>
    internal bool Take(LogEvent logEvent)
    {
        var matches = filters.Any(filter => filter.Matches(logEvent));
        lock (_lock)
        {
            if (matches)
            {
                _matched++;
                return true;
            }

            _others.Enqueue($"{logEvent.GetType().Name} from {logEvent.LogSource}: {logEvent.Message}");
            if (_others.Count > MostKept)
            {
                _others.Dequeue();
            }

            return false;
        }
    }

    public override string ToString() => string.Join(" or ", filters);
}
