using Lb.Bench;

namespace Lb.ActorBench.Actors;

/// <summary>
/// Bytes of managed heap that an idle actor takes after a full collection: all that there is because of it, its
/// instance, handlers, name and place in its parent included, less the fields that it declares itself.
/// </summary>
internal static class MemoryBench
{
    private const int Actors = 100_000;
    private const double LimitBytes = 1024;

    public static IEnumerable<Figure> Run(Options options)
    {
        yield return new Figure(
            "memory of an idle ReceiveActor with 3 handlers", "bytes", Statistics.Of(Measure.Repeat(options, Once)),
            Bar.AtMost(LimitBytes));
    }

    private static double Once()
    {
        using var bench = new BenchSystem();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Crowd.Start(bench.System, Actors);
        var after = GC.GetTotalMemory(forceFullCollection: true);
        return ((double)(after - before) / Actors) - Idler.StateBytes;
    }
}
