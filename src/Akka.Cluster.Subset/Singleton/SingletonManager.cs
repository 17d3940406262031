using Akka.Actor;
using Akka.Configuration;
using Akka.Coordination;
using Akka.Event;
using static Akka.Cluster.ClusterEvent;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>
/// Runs the singleton while it holds the lease. The oldest member that can be reached asks for it, at once when members
/// come, go or are lost, and now and then; the next ones ask more seldom, in case the oldest can't have it. Whoever has
/// it keeps it: nothing moves because a member has come back. It gives the lease back when the singleton has stopped;
/// when the lease is lost, the singleton is stopped first of all.
/// </summary>
internal sealed class SingletonManager : ReceiveActor, IWithTimers
{
    // How many of the oldest members ask, and how much more seldom each of them than the one before it.
    private const int Candidates = 3;
    private const int Patience = 3;

    private static readonly object RetryKey = new();
    private static readonly object StuckKey = new();

    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Props _singletonProps;
    private readonly object _terminationMessage;
    private readonly ClusterSingletonManagerSettings _settings;
    private readonly Lease _lease;
    private readonly TimeSpan _retryInterval;
    private readonly List<IActorRef> _waitForEnd = [];

    private IActorRef? _singleton;
    private bool _isAsking;
    private bool _isHeld;
    private bool _isStopping;
    private bool _isEnding;
    private int _attempt;

    public SingletonManager(
        Props singletonProps, object terminationMessage, ClusterSingletonManagerSettings settings)
    {
        _singletonProps = singletonProps;
        _terminationMessage = terminationMessage;
        _settings = settings;
        if (settings.LeaseSettings is not { } usage)
        {
            throw new ConfigurationException(
                "A singleton needs a lease, without which nothing says that there is one only: "
                + "name it in [akka.cluster.singleton.use-lease]");
        }

        _retryInterval = usage.LeaseRetryInterval;
        var path = Self.Path.ToStringWithoutAddress();
        _lease = LeaseProvider.Get(Context.System).GetLease(
            $"{Context.System.Name}-singleton-{path}", usage.LeaseImplementation, _cluster.SelfAddress.HostPort());
        Receive<CurrentClusterState>(_ => Look());
        Receive<IClusterDomainEvent>(_ => Look());
        Receive<Retry>(_ => Look(isTime: true));
        Receive<Asked>(OnAsked);
        Receive<Lost>(OnLost);
        Receive<Terminated>(_ => OnStopped());
        Receive<Released>(_ => OnReleased());
        Receive<Stuck>(_ => _log.Warning("Singleton [{0}] has not stopped yet", _singleton!.Path));
        Receive<End>(_ => OnEnd());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, typeof(IMemberEvent), typeof(IReachabilityEvent), typeof(ClusterShuttingDown));
        var self = Self;
        CoordinatedShutdown.Get(Context.System).AddTask(
            CoordinatedShutdown.PhaseClusterExiting, $"singleton-exiting-{Self.Path.ToStringWithoutAddress()}",
            () => self.Ask<Done>(new End()));
    }

    // The singleton has stopped before: it is a child.
    protected override void PostStop()
    {
        _cluster.Unsubscribe(Self);
        if (_isHeld)
        {
            _ = _lease.Release().ContinueWith(
                release => release.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted,
                TaskScheduler.Default);
        }
    }

    private void Look(bool isTime = false)
    {
        var me = _cluster.SelfMember;
        if (_isHeld && !_isStopping && me.Status is not (MemberStatus.Up or MemberStatus.Leaving))
        {
            Stop(_terminationMessage);
        }
        else if (!_isHeld && !_isAsking && !_isEnding && Place(me) is { } place)
        {
            if (place == 0 || isTime)
            {
                Ask();
            }
            else if (!Timers.IsTimerActive(RetryKey))
            {
                Timers.StartSingleTimer(RetryKey, new Retry(), Interval(place));
            }
        }
    }

    private TimeSpan Interval(int place) => _retryInterval * (1 + (Patience * place));

    /// <summary>Returns the node's place among those who may run it, by age.</summary>
    private int? Place(Member me)
    {
        var state = _cluster.State;
        var place = state.Members
            .Where(member => member.Status is MemberStatus.Up && !state.Unreachable.Contains(member)
                && (_settings.Role is null || member.HasRole(_settings.Role)))
            .Order(Member.AgeOrdering).Take(Candidates).ToList().IndexOf(me);
        return place < 0 ? null : place;
    }

    private void Ask()
    {
        _isAsking = true;
        var attempt = ++_attempt;
        var self = Self;
        _ = _lease.Acquire(cause => self.Tell(new Lost(attempt, cause), ActorRefs.NoSender)).PipeTo(
            Self, Self, held => new Asked(held, null), failure => new Asked(false, failure));
    }

    private void OnAsked(Asked asked)
    {
        _isAsking = false;
        if (asked.Failure is not null)
        {
            _log.Warning(
                "The lease of singleton [{0}] cannot be had; the next attempt is in {1}: {2}", Self.Path, _retryInterval,
                asked.Failure.Message);
        }

        if (!asked.IsHeld || !_lease.CheckLease())
        {
            Timers.StartSingleTimer(RetryKey, new Retry(), Interval(Place(_cluster.SelfMember) ?? 0));
            FinishIfEnding();
            return;
        }

        _isHeld = true;
        if (_isEnding)
        {
            Release();
            return;
        }

        _singleton = Context.Watch(Context.ActorOf(_singletonProps, _settings.SingletonName));
        _log.Info("Singleton [{0}] runs here", _singleton.Path);
        Look();
    }

    private void OnLost(Lost lost)
    {
        if (!_isHeld || lost.Attempt != _attempt)
        {
            return;
        }

        _log.Warning("Singleton [{0}] is stopped, its lease is lost: {1}", Self.Path, lost.Cause.Message);
        _isHeld = false;
        if (_singleton is null)
        {
            Look();
        }
        else
        {
            // Ahead of all messages that wait for it.
            _isStopping = true;
            _isAsking = true;
            Context.Stop(_singleton);
        }
    }

    private void Stop(object message)
    {
        if (_singleton is null)
        {
            Release();
            return;
        }

        _isStopping = true;
        _singleton.Tell(message);
        Timers.StartPeriodicTimer(StuckKey, new Stuck(), _settings.HandOverRetryInterval);
    }

    private void OnStopped()
    {
        Timers.Cancel(StuckKey);
        _singleton = null;
        if (!_isHeld)
        {
            // It was stopped as the lease was lost; until now nobody was to ask for it here.
            _isStopping = false;
            _isAsking = false;
            FinishIfEnding();
            Look();
        }
        else if (_isStopping)
        {
            Release();
        }
        else
        {
            // It has ended by itself, and that stands.
            _log.Info("The singleton of [{0}] has ended", Self.Path);
        }
    }

    private void Release()
    {
        _isStopping = true;
        _ = _lease.Release().PipeTo(Self, Self, _ => new Released(), _ => new Released());
    }

    private void OnReleased()
    {
        _isHeld = false;
        _isStopping = false;
        FinishIfEnding();
        Look();
    }

    private void OnEnd()
    {
        _waitForEnd.Add(Sender);
        _isEnding = true;
        if (_isHeld && !_isStopping)
        {
            Stop(_terminationMessage);
        }

        FinishIfEnding();
    }

    private void FinishIfEnding()
    {
        if (_isEnding && !_isHeld && !_isAsking && _singleton is null)
        {
            _waitForEnd.ForEach(waiting => waiting.Tell(Done.Instance));
            _waitForEnd.Clear();
        }
    }

    private sealed record Retry;

    private sealed record Stuck;

    private sealed record End;

    private sealed record Released;

    private sealed record Asked(bool IsHeld, Exception? Failure);

    private sealed record Lost(int Attempt, Exception Cause) : INoSerializationVerificationNeeded;
}
