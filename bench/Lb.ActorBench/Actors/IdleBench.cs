using System.Diagnostics;
using Lb.Bench;

namespace Lb.ActorBench.Actors;

/// <summary>Processor time of a process whose actors do nothing, as a share of one core.</summary>
internal static class IdleBench
{
    private const double LimitPercent = 0.1;

    public static IEnumerable<Figure> Run(Options options)
    {
        var length = TimeSpan.FromSeconds(10 * options.Scale);
        yield return new Figure(
            "CPU of 10,000 idle actors", "% of a core", Run(10_000, 3, length), Bar.AtMost(LimitPercent));
        yield return new Figure(
            "CPU of 100,000 idle actors", "% of a core", Run(100_000, 1, length), Bar.AtMost(LimitPercent));
    }

    private static Statistics Run(int actors, int rounds, TimeSpan length)
    {
        using var bench = new BenchSystem();
        Crowd.Start(bench.System, actors);
        GC.Collect();

        // The runtime compiles and trims for a while after the last work.
        Thread.Sleep(length / 2);
        return Statistics.Of(Enumerable.Range(0, rounds).Select(_ => Once(length)).ToArray());
    }

    private static double Once(TimeSpan length)
    {
        using var process = Process.GetCurrentProcess();
        var (cpu, start) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
        Thread.Sleep(length);
        process.Refresh();
        return 100 * (process.TotalProcessorTime - cpu) / Stopwatch.GetElapsedTime(start);
    }
}
