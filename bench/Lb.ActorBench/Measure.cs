using System.Diagnostics;
using Lb.Bench;

namespace Lb.ActorBench;

/// <summary>Repeats a measurement, after rounds that only warm up.</summary>
internal static class Measure
{
    private const int WarmUps = 3;

    /// <summary>Returns how many operations a second there are when a run does so many.</summary>
    public static Statistics Rate(Options options, int operations, Action run) => Repeat(options, () =>
    {
        var start = Stopwatch.GetTimestamp();
        run();
        return operations / Stopwatch.GetElapsedTime(start).TotalSeconds;
    });

    /// <summary>Returns what each run returns.</summary>
    public static Statistics Repeat(Options options, Func<double> run)
    {
        var values = new List<double>();
        for (var i = -WarmUps; i < options.Rounds; i++)
        {
            // What the round before left behind is not this one's.
            GC.Collect();
            var value = run();
            if (i >= 0)
            {
                values.Add(value);
            }
        }

        return Statistics.Of(values);
    }
}
