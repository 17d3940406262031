using System.Diagnostics;
using Lb.Bench;

namespace Lb.ActorBench;

/// <summary>How many operations a second there were, and the processor time of this process that each took.</summary>
internal sealed record Throughput(Statistics PerSecond, Statistics CpuMicroseconds);

/// <summary>Repeats a measurement, after rounds that only warm up.</summary>
internal static class Measure
{
    private const int WarmUps = 3;

    /// <summary>Measures runs that do so many operations each; what comes before each run does not count.</summary>
    public static Throughput Rate(Options options, int operations, Action run, Action? prepare = null)
    {
        var rounds = Repeat(options, () =>
        {
            prepare?.Invoke();

            // What the round before left behind is not this one's.
            GC.Collect();
            var (cpu, start) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
            run();
            var elapsed = Stopwatch.GetElapsedTime(start);
            return (operations / elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / operations);
        });
        return new Throughput(
            Statistics.Of(rounds.Select(round => round.Item1)), Statistics.Of(rounds.Select(round => round.Item2)));
    }

    /// <summary>Returns what each run returns.</summary>
    public static IReadOnlyList<T> Repeat<T>(Options options, Func<T> run)
    {
        var results = new List<T>();
        for (var i = -WarmUps; i < options.Rounds; i++)
        {
            var result = run();
            if (i >= 0)
            {
                results.Add(result);
            }
        }

        return results;
    }
}
