using Akka.Actor;

namespace Akka.Event;

/// <summary>The events of a system: whoever subscribes to a type gets all events that are of it.</summary>
public class EventStream : LoggingBus
{
    private readonly bool _debug;
    private IActorRef? _unsubscriber;

    /// <summary>Creates the stream.</summary>
    public EventStream(bool debug)
    {
        _debug = debug;
    }

    /// <summary>Subscribes an actor to a type; false when it is subscribed already.</summary>
    public override bool Subscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        ArgumentNullException.ThrowIfNull(channel);
        var added = base.Subscribe(subscriber, channel);
        if (added)
        {
            LogChange("subscribing", subscriber, channel);
            _unsubscriber?.Tell(new Subscribed(subscriber), ActorRefs.NoSender);
        }

        return added;
    }

    /// <summary>Ends a subscription; false when there is none.</summary>
    public override bool Unsubscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        ArgumentNullException.ThrowIfNull(channel);
        var removed = base.Unsubscribe(subscriber, channel);
        AfterUnsubscribe(removed, subscriber, channel);
        return removed;
    }

    /// <summary>Ends all subscriptions of an actor; false when it has none.</summary>
    public override bool Unsubscribe(IActorRef subscriber)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        var removed = base.Unsubscribe(subscriber);
        AfterUnsubscribe(removed, subscriber, null);
        return removed;
    }

    /// <summary>Starts the actor that ends the subscriptions of dead actors.</summary>
    internal void StartUnsubscriber(ActorSystemImpl system) =>
        _unsubscriber = system.SystemActorOf(Props.Create<Unsubscriber>(this), "EventStreamUnsubscriber");

    private void AfterUnsubscribe(bool removed, IActorRef subscriber, Type? channel)
    {
        if (removed)
        {
            LogChange("unsubscribing", subscriber, channel);
            if (!HasSubscriptions(subscriber))
            {
                _unsubscriber?.Tell(new Unsubscribed(subscriber), ActorRefs.NoSender);
            }
        }
    }

    private void LogChange(string what, IActorRef subscriber, Type? channel)
    {
        if (_debug)
        {
            PublishLog(new Debug("EventStream", typeof(EventStream), $"{what} {subscriber} {channel}"));
        }
    }

    private sealed record Subscribed(IActorRef Subscriber);

    private sealed record Unsubscribed(IActorRef Subscriber);

    private sealed class Unsubscriber(EventStream stream) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case Subscribed { Subscriber: var subscriber }:
                    Context.Watch(subscriber);
                    break;
                case Unsubscribed { Subscriber: var subscriber } when !stream.HasSubscriptions(subscriber):
                    Context.Unwatch(subscriber);
                    break;
                case Terminated { ActorRef: var subscriber }:
                    stream.Unsubscribe(subscriber);
                    break;
            }
        }
    }
}

/// <summary>Shorter forms of the methods of <see cref="EventStream"/>.</summary>
public static class EventStreamExtensions
{
    /// <summary>Subscribes an actor to a type; false when it is subscribed already.</summary>
    public static bool Subscribe<TChannel>(this EventStream eventStream, IActorRef subscriber) =>
        eventStream.Subscribe(subscriber, typeof(TChannel));

    /// <summary>Ends a subscription; false when there is none.</summary>
    public static bool Unsubscribe<TChannel>(this EventStream eventStream, IActorRef subscriber) =>
        eventStream.Unsubscribe(subscriber, typeof(TChannel));
}
