using Akka.Actor;

namespace Lb.ActorBench.Messaging;

/// <summary>Questions answered a second, asked by code outside the actors.</summary>
internal static class AskBench
{
    private const int Askers = 64;

    // Long enough never to be reached: what costs time is to set it and to take it back.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static IEnumerable<Figure> Run(Options options)
    {
        yield return new Figure(
            "ask, one after another", "round trips/s", Run(options, 1, options.Scaled(200_000), null));
        yield return new Figure(
            $"ask, {Askers} at a time", "round trips/s", Run(options, Askers, options.Scaled(1_000_000), null));
        yield return new Figure(
            $"ask with a timeout, {Askers} at a time", "round trips/s",
            Run(options, Askers, options.Scaled(1_000_000), Deadline));
    }

    private static Throughput Run(Options options, int askers, int questions, TimeSpan? timeout)
    {
        using var bench = new BenchSystem();
        var echo = bench.System.ActorOf(Props.Create<Echo>());
        var each = questions / askers;
        return Measure.Rate(
            options, each * askers,
            () => Task.WhenAll(Enumerable.Range(0, askers).Select(_ => Task.Run(() => AskAsync(echo, each, timeout))))
                .Wait());
    }

    private static async Task AskAsync(IActorRef echo, int questions, TimeSpan? timeout)
    {
        for (var i = 0; i < questions; i++)
        {
            await echo.Ask<Tick>(Tick.Instance, timeout);
        }
    }

    private sealed class Echo : ReceiveActor
    {
        public Echo()
        {
            Receive<Tick>(tick => Sender.Tell(tick));
        }
    }
}
