namespace Lb.Actors;

/// <summary>
/// Whether a node that starts in a cluster has caught up with the others, so that it may answer for VIPs. It opens when all
/// parts have, or when its time is over, and stays open. Any thread may ask.
/// </summary>
/// <param name="clock">Time.</param>
public sealed class JoinGate(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly long _start = clock.GetTimestamp();
    private readonly Dictionary<JoinPart, string?> _missing = new()
    {
        [JoinPart.Flows] = "it has just started",
        [JoinPart.Verdicts] = "it has just started",
    };

    private bool _isOpen;

    /// <summary>The parts of a node that have to catch up.</summary>
    public enum JoinPart
    {
        /// <summary>Slots and flow entries.</summary>
        Flows,

        /// <summary>What the nodes have agreed on backends.</summary>
        Verdicts,
    }

    /// <summary>What is missing; null when nothing is, or when it has been waited for long enough.</summary>
    public string? Missing
    {
        get
        {
            lock (_lock)
            {
                // Who tells what was missing finds out in Set.
                return _isOpen || IsOverdue ? null : _missing.Values.FirstOrDefault(missing => missing is not null);
            }
        }
    }

    /// <summary>Its time is over.</summary>
    internal bool IsOverdue => clock.GetElapsedTime(_start) >= ShareTimes.Gate;

    /// <summary>A part says what it lacks; null for nothing.</summary>
    /// <returns>What is missing at the moment when the gate opens for want of time; null at any other.</returns>
    internal string? Set(JoinPart part, string? missing)
    {
        lock (_lock)
        {
            _missing[part] = missing;
            bool wasOpen = _isOpen;
            string? lacks = _missing.Values.FirstOrDefault(what => what is not null);
            _isOpen |= lacks is null || IsOverdue;
            return !wasOpen && _isOpen ? lacks : null;
        }
    }
}
