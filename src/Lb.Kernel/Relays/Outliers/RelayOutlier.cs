namespace Lb.Kernel.Relays;

/// <summary>Passive health of a backend: failures in a row, and till when it is passed over.</summary>
internal sealed class RelayOutlier
{
    private readonly Lock _lock = new();
    private OutlierState _state;
    private long _until = long.MinValue;
    private int _failures;
    private long _ejected;
    private RelayFailure _why;

    /// <summary>Whether it is passed over at this moment; never when that is negative.</summary>
    public bool IsOutAt(long now) => now >= 0 && Volatile.Read(ref _until) > now;

    /// <summary>It has failed.</summary>
    /// <returns>How often in a row.</returns>
    public int Fail() => Interlocked.Increment(ref _failures);

    /// <summary>It has answered.</summary>
    public void Succeed()
    {
        // Nearly always it is 0: the line stays with all loops.
        if (Volatile.Read(ref _failures) != 0)
        {
            Volatile.Write(ref _failures, 0);
        }
    }

    /// <summary>Ejects it, when the rule says so.</summary>
    /// <param name="settings">How it is to be.</param>
    /// <param name="why">The last failure.</param>
    /// <param name="now">In ms.</param>
    /// <param name="pool">Backends that take connections.</param>
    /// <param name="others">How many others of them are out.</param>
    /// <returns>The state afterwards; null when it is out already, or stays.</returns>
    public OutlierState? TryEject(RelayOutlierSettings settings, RelayFailure why, long now, int pool, int others)
    {
        lock (_lock)
        {
            if (IsOutAt(now) || OutlierRule.Eject(settings, _state, now, pool, others) is not { } state)
            {
                return null;
            }

            _state = state;
            _why = why;
            _ejected++;
            Volatile.Write(ref _failures, 0);
            Volatile.Write(ref _until, state.Until);
            return state;
        }
    }

    /// <summary>Passive health was switched off: it is no longer passed over.</summary>
    public void Readmit()
    {
        lock (_lock)
        {
            _state = default;
            Volatile.Write(ref _until, long.MinValue);
        }
    }

    /// <summary>For operators; null when it never was ejected.</summary>
    public RelayOutlierReport? Read(long now)
    {
        lock (_lock)
        {
            return _ejected == 0 ? null : new RelayOutlierReport(
                IsOutAt(now) ? DateTimeOffset.UtcNow.AddMilliseconds(_until - now) : null, _why, _ejected);
        }
    }
}
