using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>
/// Passes messages on to the singleton, and keeps them while it is not found. As references do not cross nodes here
/// yet, it finds the singleton of its own node only.
/// </summary>
public sealed class ClusterSingletonProxy : ReceiveActor, IWithTimers
{
    private readonly string _singletonPath;
    private readonly ClusterSingletonProxySettings _settings;
    private readonly Queue<(object Message, IActorRef Sender)> _waiting = [];
    private IActorRef? _singleton;

    /// <summary>Creates the proxy; <see cref="Props"/> describes it.</summary>
    public ClusterSingletonProxy(string singletonManagerPath, ClusterSingletonProxySettings settings)
    {
        _singletonPath = $"{singletonManagerPath}/{settings.SingletonName}";
        _settings = settings;
        Receive<Identity>(_ => Find());
        Receive<ActorIdentity>(OnFound, found => found.MessageId is Identity);
        Receive<Terminated>(OnEnded);
        ReceiveAny(Pass);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Describes the proxy of a singleton by its manager's path.</summary>
    public static Props Props(string singletonManagerPath, ClusterSingletonProxySettings settings) =>
        Actor.Props.Create(() => new ClusterSingletonProxy(singletonManagerPath, settings));

    /// <inheritdoc/>
    protected override void PreStart() => Timers.StartPeriodicTimer(
        Identity.Instance, Identity.Instance, TimeSpan.Zero, _settings.SingletonIdentificationInterval);

    private void Find()
    {
        if (_singleton is null)
        {
            Context.ActorSelection(_singletonPath).Tell(new Identify(Identity.Instance), Self);
        }
    }

    private void OnFound(ActorIdentity found)
    {
        if (_singleton is not null || found.Subject is null || found.Subject.IsNobody())
        {
            return;
        }

        _singleton = Context.Watch(found.Subject);
        while (_waiting.TryDequeue(out var next))
        {
            _singleton.Tell(next.Message, next.Sender);
        }
    }

    private void OnEnded(Terminated ended)
    {
        if (ended.ActorRef.Equals(_singleton))
        {
            _singleton = null;
        }
    }

    private void Pass(object message)
    {
        if (_singleton is not null)
        {
            _singleton.Forward(message);
            return;
        }

        _waiting.Enqueue((message, Sender));
        if (_waiting.Count > _settings.BufferSize)
        {
            var (dropped, sender) = _waiting.Dequeue();
            Context.System.EventStream.Publish(new DeadLetter(dropped, sender, Self));
        }
    }

    private sealed class Identity
    {
        internal static readonly Identity Instance = new();
    }
}
