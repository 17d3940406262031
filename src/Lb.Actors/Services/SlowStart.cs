namespace Lb.Actors;

/// <summary>
/// How a backend that comes up gets its weight in steps. Pure. A step is counted from 1; 0 is the whole weight.
/// </summary>
/// <remarks>
/// Each step builds a table and moves the slots that the backend gains by it, each of them once over all steps. Eight steps give it an
/// eighth of the way at a time, which a server that warms up can follow, for eight builds and eight words of the vote. Nodes agree on the
/// step, not on a time: the owner of the service decides when the next one begins, and says so with its verdict.
/// </remarks>
public static class SlowStart
{
    /// <summary>How many steps there are before the whole weight.</summary>
    public const int Steps = 8;

    /// <summary>The shortest: a step is not shorter than the vote looks.</summary>
    public static readonly TimeSpan Shortest = VoteTimes.Tick * Steps;

    private const int Whole = 1000;

    /// <summary>Whether a backend begins with the first step when it comes up.</summary>
    /// <param name="before">What was known of it.</param>
    /// <param name="isInitial">It was there when its service began, and has not had a verdict: a start is not slow.</param>
    /// <param name="duration">Length of all steps; zero for none.</param>
    public static bool Begins(HealthVerdict before, bool isInitial, TimeSpan duration) =>
        duration > TimeSpan.Zero
        && (before == HealthVerdict.Down || (before == HealthVerdict.Unknown && !isInitial));

    /// <summary>The step that it is in, and since when.</summary>
    /// <param name="step">The step that it was in.</param>
    /// <param name="since">Since when, in ticks.</param>
    /// <param name="now">Now, by the same clock.</param>
    /// <param name="duration">Length of all steps; zero for none.</param>
    public static (byte Step, long Since) After(byte step, long since, long now, TimeSpan duration)
    {
        long each = duration.Ticks / Steps;
        if (step == 0 || each <= 0)
        {
            return (0, now);
        }

        long gone = Math.Max(0, now - since) / each;
        return step + gone > Steps ? ((byte)0, now) : ((byte)(step + gone), since + (gone * each));
    }

    /// <summary>The share of its weight that it has in a step, in thousandths.</summary>
    /// <param name="step">The step.</param>
    /// <param name="from">Share in the first step, 0 to 1.</param>
    public static int Thousandths(byte step, double from)
    {
        int first = (int)Math.Round(Math.Clamp(from, 0, 1) * Whole);
        return step is 0 or > Steps ? Whole : first + ((Whole - first) * (step - 1) / Steps);
    }

    /// <summary>The weights of a pool in which some have a share of theirs: all are made larger, so that small ones can be parted.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="thousandths">Its share.</param>
    /// <param name="heaviest">The largest weight of the pool.</param>
    public static int Weigh(int weight, int thousandths, int heaviest)
    {
        int scale = Math.Clamp(Maglev.WeightLimit / Math.Max(1, heaviest), 1, Whole);
        return (int)Math.Max(1, (long)weight * scale * thousandths / Whole);
    }
}
