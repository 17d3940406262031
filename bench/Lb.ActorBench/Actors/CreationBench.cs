namespace Lb.ActorBench.Actors;

/// <summary>Actors created a second, until the last has started.</summary>
internal static class CreationBench
{
    public static IEnumerable<Figure> Run(Options options)
    {
        var actors = options.Scaled(200_000);
        var bench = new BenchSystem();
        var rate = Measure.Rate(
            options, actors, () => Crowd.Start(bench.System, actors), prepare: () =>
            {
                bench.Dispose();
                bench = new BenchSystem();
            });
        bench.Dispose();
        yield return new Figure("create actors", "actors/s", rate);
    }
}
