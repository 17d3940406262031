using Akka.Actor;
using static Akka.Cluster.ClusterEvent;

namespace Akka.Cluster.Events;

/// <summary>Tells subscribers what happens, in the order in which it does.</summary>
internal sealed class ClusterPublisher : ReceiveActor
{
    private readonly Dictionary<IActorRef, HashSet<Type>> _subscribers = [];
    private CurrentClusterState _state = new();

    public ClusterPublisher()
    {
        Receive<CurrentClusterState>(OnState);
        Receive<IClusterDomainEvent>(Publish);
        Receive<Subscribe>(OnSubscribe);
        Receive<Unsubscribe>(OnUnsubscribe);
        Receive<SendState>(send => send.Receiver.Tell(_state, Self));
        Receive<Terminated>(ended => _subscribers.Remove(ended.ActorRef));
    }

    private void OnState(CurrentClusterState state)
    {
        var before = _state;
        _state = state;
        foreach (var happened in ClusterViews.Between(before, state))
        {
            Publish(happened);
        }
    }

    private void Publish(IClusterDomainEvent happened)
    {
        foreach (var (subscriber, types) in _subscribers)
        {
            if (types.Any(type => type.IsInstanceOfType(happened)))
            {
                subscriber.Tell(happened, Self);
            }
        }
    }

    private void OnSubscribe(Subscribe subscribe)
    {
        if (subscribe.Mode is SubscriptionInitialStateMode.InitialStateAsSnapshot)
        {
            subscribe.Subscriber.Tell(_state, Self);
        }
        else
        {
            foreach (var happened in ClusterViews.Between(new CurrentClusterState(), _state)
                .Where(happened => subscribe.Types.Any(type => type.IsInstanceOfType(happened))))
            {
                subscribe.Subscriber.Tell(happened, Self);
            }
        }

        if (!_subscribers.TryGetValue(subscribe.Subscriber, out var types))
        {
            _subscribers.Add(subscribe.Subscriber, types = []);
            Context.Watch(subscribe.Subscriber);
        }

        types.UnionWith(subscribe.Types);
    }

    private void OnUnsubscribe(Unsubscribe unsubscribe)
    {
        if (!_subscribers.TryGetValue(unsubscribe.Subscriber, out var types))
        {
            return;
        }

        types.RemoveWhere(type => unsubscribe.Type is null || type == unsubscribe.Type);
        if (types.Count == 0)
        {
            _subscribers.Remove(unsubscribe.Subscriber);
            Context.Unwatch(unsubscribe.Subscriber);
        }
    }

    internal sealed record Subscribe(
        IActorRef Subscriber, SubscriptionInitialStateMode Mode, IReadOnlyList<Type> Types);

    internal sealed record Unsubscribe(IActorRef Subscriber, Type? Type);

    internal sealed record SendState(IActorRef Receiver);
}
