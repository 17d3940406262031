using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Event;

/// <summary>Passes events to those who subscribed to their class.</summary>
/// <typeparam name="TEvent">What is published.</typeparam>
/// <typeparam name="TClassifier">What is subscribed to.</typeparam>
/// <typeparam name="TSubscriber">Who subscribes.</typeparam>
public abstract class EventBus<TEvent, TClassifier, TSubscriber>
    where TClassifier : notnull
{
    private ImmutableArray<(TSubscriber Subscriber, TClassifier Classifier)> _subscriptions = [];
    private ConcurrentDictionary<TClassifier, TSubscriber[]> _receivers = new();
    private readonly Lock _lock = new();

    /// <summary>Creates the bus.</summary>
    protected EventBus()
    {
    }

    /// <summary>Passes an event to each subscriber once.</summary>
    public virtual void Publish(TEvent @event)
    {
        // The table first: one that is replaced meanwhile is merely not filled any more.
        var receivers = Volatile.Read(ref _receivers);
        var classifier = GetClassifier(@event);
        if (!receivers.TryGetValue(classifier, out var subscribers))
        {
            subscribers = receivers.GetOrAdd(classifier, FindReceivers(classifier));
        }

        foreach (var subscriber in subscribers)
        {
            Publish(@event, subscriber);
        }
    }

    /// <summary>Subscribes; false when it is subscribed already.</summary>
    public virtual bool Subscribe(TSubscriber subscriber, TClassifier classifier)
    {
        lock (_lock)
        {
            if (_subscriptions.Contains((subscriber, classifier)))
            {
                return false;
            }

            Replace(_subscriptions.Add((subscriber, classifier)));
            return true;
        }
    }

    /// <summary>Ends all subscriptions of a subscriber; false when it has none.</summary>
    public virtual bool Unsubscribe(TSubscriber subscriber)
    {
        lock (_lock)
        {
            var rest = _subscriptions.RemoveAll(
                each => EqualityComparer<TSubscriber>.Default.Equals(each.Subscriber, subscriber));
            return Replace(rest);
        }
    }

    /// <summary>Ends a subscription; false when there is none.</summary>
    public virtual bool Unsubscribe(TSubscriber subscriber, TClassifier classifier)
    {
        lock (_lock)
        {
            return Replace(_subscriptions.Remove((subscriber, classifier)));
        }
    }

    /// <summary>Whether an event is of a class.</summary>
    protected abstract bool Classify(TEvent @event, TClassifier classifier);

    /// <summary>Returns the class of an event.</summary>
    protected abstract TClassifier GetClassifier(TEvent @event);

    /// <summary>Whether <paramref name="child"/> is within <paramref name="parent"/>.</summary>
    protected abstract bool IsSubClassification(TClassifier parent, TClassifier child);

    /// <summary>Passes an event to a subscriber.</summary>
    protected abstract void Publish(TEvent @event, TSubscriber subscriber);

    internal bool HasSubscriptions(TSubscriber subscriber)
    {
        lock (_lock)
        {
            return _subscriptions.Any(
                each => EqualityComparer<TSubscriber>.Default.Equals(each.Subscriber, subscriber));
        }
    }

    private TSubscriber[] FindReceivers(TClassifier classifier)
    {
        lock (_lock)
        {
            return [.. _subscriptions
                .Where(each => IsSubClassification(each.Classifier, classifier))
                .Select(each => each.Subscriber)
                .Distinct()];
        }
    }

    private bool Replace(ImmutableArray<(TSubscriber Subscriber, TClassifier Classifier)> subscriptions)
    {
        if (subscriptions == _subscriptions)
        {
            return false;
        }

        _subscriptions = subscriptions;
        Volatile.Write(ref _receivers, new ConcurrentDictionary<TClassifier, TSubscriber[]>());
        return true;
    }
}

/// <summary>A bus whose subscribers are actors.</summary>
/// <typeparam name="TEvent">What is published.</typeparam>
/// <typeparam name="TClassifier">What is subscribed to.</typeparam>
public abstract class ActorEventBus<TEvent, TClassifier> : EventBus<TEvent, TClassifier, IActorRef>
    where TClassifier : notnull
{
    /// <summary>Creates the bus.</summary>
    protected ActorEventBus()
    {
    }
}

/// <summary>A bus of log events.</summary>
public class LoggingBus : ActorEventBus<object, Type>
{
    /// <summary>The least level that is published.</summary>
    public LogLevel LogLevel { get; private set; } = LogLevel.InfoLevel;

    /// <summary>Sets the least level that is published.</summary>
    public void SetLogLevel(LogLevel logLevel) => LogLevel = logLevel;

    /// <inheritdoc/>
    protected override bool Classify(object @event, Type classifier) => classifier.IsInstanceOfType(@event);

    /// <inheritdoc/>
    protected override Type GetClassifier(object @event) => @event.GetType();

    /// <inheritdoc/>
    protected override bool IsSubClassification(Type parent, Type child) => parent.IsAssignableFrom(child);

    /// <inheritdoc/>
    protected override void Publish(object @event, IActorRef subscriber) =>
        subscriber.Tell(@event, ActorRefs.NoSender);

    internal void PublishLog(LogEvent logEvent)
    {
        if (logEvent.LogLevel() >= LogLevel)
        {
            Publish(logEvent);
        }
    }
}
