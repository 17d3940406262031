namespace Lb.ActorBench.Actors;

/// <summary>Actors created a second, until the last has started.</summary>
internal static class CreationBench
{
    public static IEnumerable<Figure> Run(Options options)
    {
        var actors = options.Scaled(200_000);
        yield return new Figure("create actors", "actors/s", Measure.Repeat(options, () => Once(actors)));
    }

    private static double Once(int actors)
    {
        using var bench = new BenchSystem();
        var start = TimeProvider.System.GetTimestamp();
        Crowd.Start(bench.System, actors);
        return actors / TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }
}
