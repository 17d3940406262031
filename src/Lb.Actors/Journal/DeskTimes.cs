namespace Lb.Actors;

/// <summary>Times of a <see cref="JournalDesk"/>, in ticks of 100 ns.</summary>
internal static class DeskTimes
{
    /// <summary>
    /// How long a request may take. Whoever asks from outside waits a little longer, and so hears what became of it.
    /// </summary>
    public const long Deadline = 45 * TimeSpan.TicksPerSecond / 10;

    /// <summary>How long the database may be silent before the journal counts as away.</summary>
    public const long Patience = 3 * TimeSpan.TicksPerSecond;

    /// <summary>Time from one look for what others have stored to the next, where nobody tells of it.</summary>
    public const long Look = 5 * TimeSpan.TicksPerSecond;

    /// <summary>The same while the journal is away.</summary>
    public const long LookAgain = TimeSpan.TicksPerSecond;

    /// <summary>When a journal that could not be read is tried again.</summary>
    public const long Retry = 2 * TimeSpan.TicksPerSecond;

    /// <summary>How often time is looked at while something is under way.</summary>
    public const long Pace = 50 * TimeSpan.TicksPerMillisecond;

    /// <summary>How often a request is tried again after failures of the database.</summary>
    public const int MostTries = 5;

    /// <summary>How often a request is decided anew because another node was faster.</summary>
    public const int MostLost = 20;

    /// <summary>How long to wait before a try: not at all at first, then ever longer, and not as long as others do.</summary>
    public static long Backoff(int tries, double random) => tries <= 1
        ? 0
        : (long)((50 << (tries - 1)) * TimeSpan.TicksPerMillisecond * (0.5 + random));
}
