using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>Watching the end of other actors, and telling those who watch this one.</summary>
internal sealed partial class ActorCell
{
    public IActorRef Watch(IActorRef subject) => WatchCore(subject, null);

    public IActorRef WatchWith(IActorRef subject, object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return WatchCore(subject, message);
    }

    public IActorRef Unwatch(IActorRef subject)
    {
        if (subject is IInternalActorRef watchee && !ReferenceEquals(subject, _self))
        {
            if (_extras?.Watching?.Remove(subject) == true)
            {
                watchee.SendSystemMessage(new Unwatch(watchee, _self));
            }

            _extras?.TerminatedQueued?.Remove(subject);
        }

        return subject;
    }

    private IActorRef WatchCore(IActorRef subject, object? message)
    {
        if (subject is not IInternalActorRef watchee || ReferenceEquals(subject, _self))
        {
            return subject;
        }

        var watching = Extras.Watching ??= [];
        if (watching.TryGetValue(subject, out var known))
        {
            return Equals(known, message)
                ? subject
                : throw new InvalidOperationException(
                    $"[{_self}] already watches [{subject}] with another message: Unwatch it first");
        }

        watching.Add(subject, message);
        watchee.SendSystemMessage(new Watch(watchee, _self));
        return subject;
    }

    private void AddWatcher(Watch watch)
    {
        if (!ReferenceEquals(watch.Watcher, _self))
        {
            (Extras.WatchedBy ??= []).Add(watch.Watcher);
        }
    }

    private void WatchedActorTerminated(DeathWatchNotification notification)
    {
        if (_extras?.Watching is { } watching && watching.Remove(notification.Actor, out var message))
        {
            (_extras.TerminatedQueued ??= [])[notification.Actor] = message;
            SendMessage(
                new Terminated(notification.Actor, notification.ExistenceConfirmed, notification.AddressTerminated),
                notification.Actor);
        }

        if (notification.Actor is LocalActorRef child && IsMyChild(child))
        {
            ChildTerminated(child);
        }
    }

    /// <summary>Passes the end of an actor on, unless it has been unwatched in the meantime.</summary>
    private void ReceiveTerminated(Terminated terminated)
    {
        if (_extras?.TerminatedQueued is { } queued && queued.Remove(terminated.ActorRef, out var message))
        {
            var received = message ?? terminated;
            _currentMessage = received;
            ReceiveMessage(received);
        }
    }

    private void TellWatchers()
    {
        if (_extras?.WatchedBy is { } watchers)
        {
            foreach (var watcher in watchers)
            {
                if (!ReferenceEquals(watcher, _parent))
                {
                    watcher.SendSystemMessage(new DeathWatchNotification(_self, true, false));
                }
            }

            watchers.Clear();
        }
    }

    private void UnwatchAll()
    {
        if (_extras?.Watching is { } watching)
        {
            foreach (var subject in watching.Keys)
            {
                var watchee = (IInternalActorRef)subject;
                watchee.SendSystemMessage(new Unwatch(watchee, _self));
            }

            watching.Clear();
        }

        _extras?.TerminatedQueued?.Clear();
    }
}
