using Akka.Actor;

namespace Akka.TestKit;

/// <summary>Keeps what it gets for the test. It runs on the thread of whoever sends to it.</summary>
internal sealed class InternalTestActor(TestQueue queue) : UntypedActor
{
    private Func<object, bool>? _ignore;
    private AutoPilot _pilot = NoAutoPilot.Instance;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SetIgnore { Ignore: var ignore }:
                _ignore = ignore;
                break;
            case WatchActor watch:
                Context.Watch(watch.Actor);
                watch.Done?.TrySetResult();
                break;
            case UnwatchActor unwatch:
                Context.Unwatch(unwatch.Actor);
                unwatch.Done?.TrySetResult();
                break;
            case SetPilot { Pilot: var pilot }:
                _pilot = pilot;
                break;
            default:
                Keep(message);
                break;
        }
    }

    private void Keep(object message)
    {
        var next = _pilot.Run(Sender, message);
        if (next is not KeepRunning)
        {
            _pilot = next;
        }

        if (_ignore is null || !_ignore(message))
        {
            queue.Add(new RealMessageEnvelope(message, Sender));
        }
    }

    internal sealed record SetIgnore(Func<object, bool>? Ignore);

    internal sealed record WatchActor(IActorRef Actor, TaskCompletionSource? Done = null);

    internal sealed record UnwatchActor(IActorRef Actor, TaskCompletionSource? Done = null);

    internal sealed record SetPilot(AutoPilot Pilot);
}
