using Akka.Actor;

namespace Akka.Persistence;

internal sealed record RequestRecoveryPermit
{
    internal static readonly RequestRecoveryPermit Instance = new();
}

internal sealed record RecoveryPermitGranted : IPersistenceMessage
{
    internal static readonly RecoveryPermitGranted Instance = new();
}

internal sealed record ReturnRecoveryPermit
{
    internal static readonly ReturnRecoveryPermit Instance = new();
}

/// <summary>Lets a limited number of actors recover at a time; those who wait are served in their order.</summary>
internal sealed class RecoveryPermitter : UntypedActor
{
    private readonly int _limit;
    private readonly HashSet<IActorRef> _recovering = [];

    // The list has the order, the dictionary finds the place of one that ends while it waits.
    private readonly LinkedList<IActorRef> _waiting = [];
    private readonly Dictionary<IActorRef, LinkedListNode<IActorRef>> _places = [];

    public RecoveryPermitter(int limit)
    {
        _limit = limit;
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RequestRecoveryPermit:
                Request(Sender);
                break;
            case ReturnRecoveryPermit:
                Context.Unwatch(Sender);
                Release(Sender);
                break;
            case Terminated ended:
                Release(ended.ActorRef);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Request(IActorRef actor)
    {
        // A restarted actor asks again: it keeps its permit or its place.
        if (_recovering.Contains(actor))
        {
            actor.Tell(RecoveryPermitGranted.Instance);
        }
        else if (!_places.ContainsKey(actor))
        {
            Context.Watch(actor);
            _places[actor] = _waiting.AddLast(actor);
            GrantNext();
        }
    }

    private void Release(IActorRef actor)
    {
        if (_places.Remove(actor, out var place))
        {
            _waiting.Remove(place);
        }

        _recovering.Remove(actor);
        GrantNext();
    }

    private void GrantNext()
    {
        while (_recovering.Count < _limit && _waiting.First is { Value: var next })
        {
            _waiting.RemoveFirst();
            _places.Remove(next);
            _recovering.Add(next);
            next.Tell(RecoveryPermitGranted.Instance);
        }
    }
}
