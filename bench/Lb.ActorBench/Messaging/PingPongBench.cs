using Akka.Actor;

namespace Lb.ActorBench.Messaging;

/// <summary>
/// Pairs of actors that send messages back and forth. Each message handled counts as one, so a round trip is two.
/// </summary>
internal static class PingPongBench
{
    private const int Pairs = 8;
    private const int InFlight = 100;
    private const double PingPongBar = 3.8e6;

    public static IEnumerable<Figure> Run(Options options) =>
    [
        Figure(options, 1, 1, options.Scaled(2_000_000)),
        Figure(options, 1, InFlight, options.Scaled(4_000_000)),
        Figure(options, Pairs, 1, options.Scaled(4_000_000)),
        Figure(options, Pairs, InFlight, options.Scaled(4_000_000)),
    ];

    private static Figure Figure(Options options, int pairs, int inFlight, int messages) => new(
        $"ping-pong, pairs: {pairs}, on their way in each: {inFlight}", "messages/s",
        Run(options, pairs, inFlight, messages), Bar.AtLeast(PingPongBar));

    private static Throughput Run(Options options, int pairs, int inFlight, int messages)
    {
        using var bench = new BenchSystem();
        using var done = new CountdownEvent(pairs);
        var pings = new List<IActorRef>();
        for (var i = 0; i < pairs; i++)
        {
            var pong = bench.System.ActorOf(Props.Create<Pong>());
            pings.Add(bench.System.ActorOf(Props.Create(() => new Ping(pong))));
        }

        // The last messages on their way are not answered, so that a round ends with nothing left over.
        var roundTrips = messages / 2 / pairs;
        return Measure.Rate(options, roundTrips * 2 * pairs, () =>
        {
            done.Reset();
            foreach (var ping in pings)
            {
                ping.Tell(new Play(roundTrips, inFlight, done));
            }

            done.Wait();
        });
    }

    private sealed record Play(int RoundTrips, int InFlight, CountdownEvent Done);

    private sealed class Ping : ReceiveActor
    {
        private readonly IActorRef _pong;
        private Play? _play;
        private int _sent;
        private int _received;

        public Ping(IActorRef pong)
        {
            _pong = pong;
            Receive<Tick>(_ => OnTick());
            Receive<Play>(OnPlay);
        }

        private void OnPlay(Play play)
        {
            (_play, _sent, _received) = (play, play.InFlight, 0);
            for (var i = 0; i < play.InFlight; i++)
            {
                _pong.Tell(Tick.Instance);
            }
        }

        private void OnTick()
        {
            var play = _play!;
            if (_sent < play.RoundTrips)
            {
                _sent++;
                _pong.Tell(Tick.Instance);
            }

            if (++_received == play.RoundTrips)
            {
                play.Done.Signal();
            }
        }
    }

    private sealed class Pong : ReceiveActor
    {
        public Pong()
        {
            Receive<Tick>(tick => Sender.Tell(tick));
        }
    }
}
