using System.Runtime.CompilerServices;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>
/// What stands between a reference and its actor: the mailbox, the behaviour, the children, the life cycle. It is
/// also the item that the thread pool runs. All state but the queues and the list of children belongs to the
/// thread that runs the cell's turn.
/// </summary>
internal sealed partial class ActorCell : IUntypedActorContext
{
    [ThreadStatic]
    private static ActorCell? _current;

    private readonly ActorSystemImpl _system;
    private readonly LocalActorRef _self;
    private readonly IInternalActorRef _parent;
    private readonly Props _props;

    private ActorBase? _actor;
    private Receive? _behavior;
    private object? _currentMessage;
    private IActorRef? _currentSender;

    // What most actors never need.
    private CellExtras? _extras;

    internal ActorCell(ActorSystemImpl system, LocalActorRef self, Props props, IInternalActorRef parent)
    {
        _system = system;
        _self = self;
        _props = props;
        _parent = parent;
        _mailbox = new Mailbox(new MailboxNode());
    }

    /// <summary>The cell whose turn runs on this thread.</summary>
    internal static ActorCell? Current => _current;

    public IActorRef Self => _self;

    public IActorRef Parent => _parent;

    public Props Props => _props;

    public ActorSystem System => _system;

    public IActorRef Sender => _currentSender ?? _system.DeadLetters;

    public TimeSpan? ReceiveTimeout => _extras?.ReceiveTimeout?.Timeout;

    internal IInternalActorRef ParentRef => _parent;

    internal ActorSystemImpl SystemImpl => _system;

    internal IActorRef? CurrentSender => _currentSender;

    internal object? CurrentMessage => _currentMessage;

    internal ActorBase? Actor => _actor;

    /// <summary>Counts the messages, so that a stash knows the same message again.</summary>
    internal int MessageNumber { get; private set; }

    internal static ActorCell RequireCurrent()
    {
        var current = _current;
        if (current is null)
        {
            ThrowNoContext();
        }

        return current;
    }

    public IActorRef ActorOf(Props props, string? name = null) => MakeChild(props, name, isUserName: true);

    public ActorSelection ActorSelection(string actorPath) => _system.Provider.Select(actorPath, _self);

    public ActorSelection ActorSelection(ActorPath actorPath) => _system.Provider.Select(actorPath);

    public void Become(Receive receive)
    {
        ArgumentNullException.ThrowIfNull(receive);
        _behavior = receive;
    }

    public void BecomeStacked(Receive receive)
    {
        ArgumentNullException.ThrowIfNull(receive);
        (Extras.Behaviors ??= new Stack<Receive>()).Push(_behavior!);
        _behavior = receive;
    }

    public void Become(UntypedReceive receive) => Become(Always(receive));

    public void BecomeStacked(UntypedReceive receive) => BecomeStacked(Always(receive));

    public void UnbecomeStacked()
    {
        if (_extras?.Behaviors is { Count: > 0 } behaviors)
        {
            _behavior = behaviors.Pop();
        }
    }

    internal CellExtras Extras => _extras ??= new CellExtras();

    internal void ResetBehavior(Receive behavior)
    {
        _behavior = behavior;
        _extras?.Behaviors?.Clear();
    }

    private static Receive Always(UntypedReceive receive)
    {
        ArgumentNullException.ThrowIfNull(receive);
        return message =>
        {
            receive(message);
            return true;
        };
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    [global::System.Diagnostics.CodeAnalysis.DoesNotReturn]
    private static void ThrowNoContext() => throw new NotSupportedException(
        "There is no active actor context: Context can be used only while an actor handles a message, "
        + "not from a thread of its own or from a continuation outside the actor");
}

/// <summary>The state of a cell that most actors never need.</summary>
internal sealed class CellExtras
{
    internal Stack<Receive>? Behaviors;
    internal StashImpl? Stash;
    internal ActorTimers? Timers;
    internal ReceiveTimeoutState? ReceiveTimeout;
    internal ActorSynchronizationContext? AsyncContext;

    // Watched actors and the message asked for instead of Terminated.
    internal Dictionary<IActorRef, object?>? Watching;
    internal HashSet<IInternalActorRef>? WatchedBy;

    // Ended actors whose Terminated is still in the mailbox.
    internal Dictionary<IActorRef, object?>? TerminatedQueued;

    // System messages that wait for a restart, a decision or an asynchronous handler to end.
    internal List<SystemMessage>? Deferred;

    // The child whose failure made this actor fail; null when the failure is its own.
    internal LocalActorRef? FailedChild;
}
