namespace Lb.Cluster.Mesh;

/// <summary>
/// Lets a report through once an interval and peer. Names of peers may be strangers' addresses, so only so many are
/// remembered; beyond that reports are dropped until the interval is over.
/// </summary>
internal sealed class ReportGate(TimeProvider time, Action<MeshReport>? next)
{
    /// <summary>How many peers and kinds are told apart within an interval.</summary>
    public const int Most = 256;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Peer, string What), long> _last = [];

    /// <summary>Tells it always.</summary>
    public void Always(MeshReport report) => next?.Invoke(report);

    /// <summary>Tells it unless the same was told of that peer within a minute.</summary>
    public void Tell(MeshReport report)
    {
        // The reason counts too: where one thing is mended the next is told of at once.
        var what = report switch
        {
            MeshReport.Refused refused => $"{refused.Refusal.Reason}",
            MeshReport.NotConnected failed => failed.Why,
            _ => report.GetType().Name,
        };
        if (IsDue((report.Peer, what)))
        {
            next?.Invoke(report);
        }
    }

    private bool IsDue((string Peer, string What) key)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (_last.TryGetValue(key, out var last) && time.GetElapsedTime(last, now) < Interval)
            {
                return false;
            }

            if (_last.Count >= Most && !_last.ContainsKey(key))
            {
                foreach (var old in _last.Where(one => time.GetElapsedTime(one.Value, now) >= Interval).ToList())
                {
                    _last.Remove(old.Key);
                }

                if (_last.Count >= Most)
                {
                    return false;
                }
            }

            _last[key] = now;
            return true;
        }
    }
}
