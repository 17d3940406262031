using Akka.Actor;

namespace Lb.ActorBench.Messaging;

/// <summary>A message without content; one object serves all, so that only the platform allocates.</summary>
internal sealed class Tick
{
    public static readonly Tick Instance = new();
}

/// <summary>Asks an actor to set the event when it has got so many messages.</summary>
internal sealed record Expect(int Messages, ManualResetEventSlim Done);

/// <summary>Counts what it gets.</summary>
internal sealed class Countdown : ReceiveActor
{
    private Expect _expected = new(0, new ManualResetEventSlim());
    private int _left;

    public Countdown()
    {
        Receive<Tick>(_ => OnTick());
        Receive<Expect>(OnExpect);
    }

    private void OnTick()
    {
        if (--_left == 0)
        {
            _expected.Done.Set();
        }
    }

    private void OnExpect(Expect expected)
    {
        _expected = expected;
        _left = expected.Messages;
    }
}
