namespace Lb.Kernel.Relays;

/// <summary>What is held of a backend that was ejected before.</summary>
/// <param name="Ejections">How often in a row.</param>
/// <param name="Until">Till when it is, or was, out; in ms.</param>
internal readonly record struct OutlierState(int Ejections, long Until);

/// <summary>When a backend is ejected, and for how long. Pure.</summary>
internal static class OutlierRule
{
    /// <summary>
    /// The state after as many failures in a row as eject; null when the backend stays, as too many are out already: a part
    /// of the pool that takes no connections must not drive all of them to the rest.
    /// </summary>
    /// <param name="settings">How it is to be.</param>
    /// <param name="before">What is held of it.</param>
    /// <param name="now">In ms.</param>
    /// <param name="pool">Backends that take connections, with this one.</param>
    /// <param name="others">How many others of them are out.</param>
    public static OutlierState? Eject(
        RelayOutlierSettings settings, OutlierState before, long now, int pool, int others)
    {
        // One may always be out, of two or more: else a small share would be none.
        int most = Math.Min(pool - 1, Math.Max(1, (int)(settings.MaxEjected * pool)));
        if (settings.MaxEjected <= 0 || others + 1 > most)
        {
            return null;
        }

        int ejections = Remembered(settings, before, now) + 1;
        double time = Math.Min(settings.BaseTime.TotalMilliseconds * ejections, settings.MaxTime.TotalMilliseconds);
        return new OutlierState(ejections, now + (long)time);
    }

    /// <summary>Ejections that still count: each base time in which it behaved takes one away.</summary>
    private static int Remembered(RelayOutlierSettings settings, OutlierState before, long now)
    {
        double behaved = Math.Max(0, now - before.Until) / settings.BaseTime.TotalMilliseconds;
        return (int)Math.Max(0, before.Ejections - Math.Floor(behaved));
    }
}
