namespace Lb.Cluster.Mesh;

/// <summary>How long to wait before the next attempt: twice as long each time, up to a limit, never twice the same.</summary>
internal sealed class Backoff(TimeSpan shortest, TimeSpan longest, Random random)
{
    private TimeSpan? _next;

    /// <summary>The next pause: between half of what it is at and all of it.</summary>
    public TimeSpan Next()
    {
        var pause = _next ?? shortest;
        _next = pause * 2 < longest ? pause * 2 : longest;
        return pause * (0.5 + (random.NextDouble() / 2));
    }

    /// <summary>It went well: the next pause is the shortest.</summary>
    public void Reset() => _next = null;
}
