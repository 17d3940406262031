using Akka.Actor;

namespace Lb.ActorBench.Messaging;

/// <summary>Messages a second from senders that wait for nothing, until the receiver has counted the last.</summary>
internal static class TellBench
{
    private const int Senders = 8;
    private const double OnePairBar = 9e6;

    public static IEnumerable<Figure> Run(Options options)
    {
        var messages = options.Scaled(5_000_000);
        yield return new Figure(
            "tell, one pair: a thread to an actor", "messages/s", FromThread(options, messages), Bar.AtLeast(OnePairBar));
        yield return new Figure(
            "tell, one pair: an actor to an actor", "messages/s", FromActors(options, messages, 1),
            Bar.AtLeast(OnePairBar));
        yield return new Figure(
            $"tell, fan-in: {Senders} actors to one", "messages/s", FromActors(options, messages, Senders));
    }

    private static Throughput FromThread(Options options, int messages)
    {
        using var bench = new BenchSystem();
        using var done = new ManualResetEventSlim();
        var receiver = bench.System.ActorOf(Props.Create<Countdown>());
        return Measure.Rate(options, messages, () =>
        {
            done.Reset();
            receiver.Tell(new Expect(messages, done));
            for (var i = 0; i < messages; i++)
            {
                receiver.Tell(Tick.Instance);
            }

            done.Wait();
        });
    }

    private static Throughput FromActors(Options options, int messages, int senders)
    {
        using var bench = new BenchSystem();
        using var done = new ManualResetEventSlim();
        var receiver = bench.System.ActorOf(Props.Create<Countdown>());
        var actors = Enumerable.Range(0, senders).Select(_ => bench.System.ActorOf(Props.Create<Sender>())).ToArray();
        var each = messages / senders;
        return Measure.Rate(options, each * senders, () =>
        {
            done.Reset();
            receiver.Tell(new Expect(each * senders, done));
            foreach (var actor in actors)
            {
                actor.Tell(new SendMany(receiver, each));
            }

            done.Wait();
        });
    }
}
