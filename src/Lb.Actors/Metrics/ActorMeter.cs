using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Lb.Actors;

/// <summary>What the actors measure while they work, by the .NET metrics API.</summary>
public static class ActorMeter
{
    /// <summary>Name of every meter of Lb.</summary>
    public const string Name = "Lb";

    // Made once: a measurement allocates nothing.
    private static readonly KeyValuePair<string, object?> Success = new("result", "success");
    private static readonly KeyValuePair<string, object?> Failure = new("result", "failure");

    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> WriteDuration = Meter.CreateHistogram(
        "lb.kernel.write.duration",
        "s",
        "Time that the kernel bridge took to write one change into the kernel's maps.",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5],
        });

    private static readonly Counter<long> Writes = Meter.CreateCounter<long>(
        "lb.kernel.writes", "{write}", "Writes into the kernel's maps by result.");

    private static readonly Counter<long> Repairs = Meter.CreateCounter<long>(
        "lb.kernel.repairs", "{write}", "Writes that repair what the kernel held differently from what was written.");

    private static readonly Counter<long> Probes = Meter.CreateCounter<long>(
        "lb.health.probes", "{probe}", "Health probes of backends by result.");

    /// <summary>Makes counters start at 0 for those who listen, so that the first event is an increase.</summary>
    internal static void Begin()
    {
        Written(0, 0);
        Repaired(0);
        Probes.Add(0, Success);
        Probes.Add(0, Failure);
    }

    /// <summary>A change was written.</summary>
    /// <param name="started">Timestamp of its beginning.</param>
    /// <param name="writes">How many writes it was.</param>
    /// <param name="failures">How many of them failed.</param>
    internal static void Wrote(long started, int writes, int failures)
    {
        if (writes > 0)
        {
            WriteDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
            Written(writes - failures, failures);
        }
    }

    /// <summary>A self-check repairs what differed.</summary>
    internal static void Repaired(int writes) => Repairs.Add(writes);

    /// <summary>A probe has ended.</summary>
    internal static void Probed(bool success) => Probes.Add(1, success ? Success : Failure);

    private static void Written(int done, int failed)
    {
        Writes.Add(done, Success);
        Writes.Add(failed, Failure);
    }
}
