using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Events;
using Akka.Event;
using Lb.Cluster.Membership;
using static Akka.Cluster.ClusterEvent;

namespace Akka.Cluster;

/// <summary>
/// The node's part in the cluster. A table in a database is the only truth about who is in, so there is never a second
/// cluster, and a node that was given up comes back by itself as a new member.
/// </summary>
public class Cluster : IExtension
{
    private readonly ClusterNode _node;
    private readonly IActorRef _publisher;
    private readonly ILoggingAdapter _log;
    private readonly Lock _lock = new();
    private readonly List<Action> _onUp = [];
    private readonly List<Action> _onRemoved = [];
    private volatile CurrentClusterState _state = new();
    private volatile UniqueAddress _self;
    private volatile Member _selfMember;
    private bool _wasIn;

    internal Cluster(ExtendedActorSystem system)
    {
        System = system;
        Settings = new ClusterSettings(system.Settings.Config, system.Name);
        _log = Logging.GetLogger(system, nameof(Cluster));
        (_node, var address) = ClusterNodes.Of(system, Settings);
        SelfAddress = ClusterViews.AddressOf(address, system.Name);
        SelfRoles = [.. _node.Roles];
        _self = new UniqueAddress(SelfAddress, 0);
        _selfMember = new Member(_self, 0, MemberStatus.Removed, SelfRoles);
        _publisher = system.SystemActorOf(Props.Create(() => new ClusterPublisher()), "cluster");
        _node.Changed += OnChanged;
        ClusterShutdown.Register(this, _node, CoordinatedShutdown.Get(system));
        _ = StartAsync();
    }

    /// <summary>The node's address.</summary>
    public Address SelfAddress { get; }

    /// <summary>Which life of the node this is. It has none until it joins, and another one when it joins again.</summary>
    public UniqueAddress SelfUniqueAddress => _self;

    /// <summary>This node as a member; while it is none, its status is <see cref="MemberStatus.Removed"/>.</summary>
    public Member SelfMember => _selfMember;

    /// <summary>The node's roles.</summary>
    public ImmutableHashSet<string> SelfRoles { get; }

    /// <summary>The cluster as this node knows it.</summary>
    public CurrentClusterState State => _state;

    /// <summary>Whether the node takes part.</summary>
    public bool IsUp => SelfMember.Status is MemberStatus.Up;

    /// <summary>Whether the node takes part no more, for good.</summary>
    public bool IsTerminated => _node.View.End is not null;

    /// <summary>The settings.</summary>
    public ClusterSettings Settings { get; }

    /// <summary>The actor system.</summary>
    public ExtendedActorSystem System { get; }

    /// <summary>Returns the cluster of a system.</summary>
    public static Cluster Get(ActorSystem system) => system.WithExtension<Cluster, ClusterExtension>();

    /// <summary>Joins. The table says with whom: what address is given does not matter.</summary>
    public void Join(Address address) => _node.Join();

    /// <summary>Joins, and waits until the node is up.</summary>
    /// <exception cref="ClusterJoinFailedException">The node was ended instead.</exception>
    public async Task JoinAsync(Address address, CancellationToken token = default)
    {
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        RegisterOnMemberUp(() => up.TrySetResult());
        RegisterOnMemberRemoved(() => up.TrySetException(
            new ClusterJoinFailedException($"Node [{SelfAddress}] has not managed to join: {_node.View.End}")));
        Join(address);
        await up.Task.WaitAsync(token);
    }

    /// <summary>Has a member leave.</summary>
    public void Leave(Address address)
    {
        if (address == SelfAddress)
        {
            _node.Leave();
        }
        else if (Find(address) is { } id)
        {
            _node.Leave(id);
        }
    }

    /// <summary>Leaves, and waits until the node is removed.</summary>
    public Task LeaveAsync() => LeaveAsync(CancellationToken.None);

    /// <summary>Leaves, and waits until the node is removed.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        RegisterOnMemberRemoved(() => left.TrySetResult());
        _node.Leave();
        await left.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Gives up a member, whoever reaches it.</summary>
    public void Down(Address address)
    {
        if (Find(address) is { } id)
        {
            _node.Down(id);
        }
    }

    /// <summary>Tells an actor of events; first it is told the state as it is.</summary>
    public void Subscribe(IActorRef subscriber, params Type[] to) =>
        Subscribe(subscriber, SubscriptionInitialStateMode.InitialStateAsSnapshot, to);

    /// <summary>Tells an actor of events.</summary>
    /// <exception cref="ArgumentException">There is nothing of which to tell.</exception>
    public void Subscribe(
        IActorRef subscriber, SubscriptionInitialStateMode initialStateMode, params Type[] to)
    {
        if (to.Length == 0)
        {
            throw new ArgumentException("At least one type of events is needed", nameof(to));
        }

        if (Array.Find(to, type => !typeof(IClusterDomainEvent).IsAssignableFrom(type)) is { } other)
        {
            throw new ArgumentException($"[{other}] is no event of the cluster", nameof(to));
        }

        _publisher.Tell(new ClusterPublisher.Subscribe(subscriber, initialStateMode, to));
    }

    /// <summary>Ends telling an actor of events.</summary>
    public void Unsubscribe(IActorRef subscriber) =>
        _publisher.Tell(new ClusterPublisher.Unsubscribe(subscriber, null));

    /// <summary>Ends telling an actor of events of a type.</summary>
    public void Unsubscribe(IActorRef subscriber, Type to) =>
        _publisher.Tell(new ClusterPublisher.Unsubscribe(subscriber, to));

    /// <summary>Sends the state as it is.</summary>
    public void SendCurrentClusterState(IActorRef receiver) =>
        _publisher.Tell(new ClusterPublisher.SendState(receiver));

    /// <summary>Calls back once, when the node is up.</summary>
    public void RegisterOnMemberUp(Action callback) => Register(_onUp, callback, () => IsUp);

    /// <summary>Calls back once, when the node is removed, or has ended before it was a member.</summary>
    public void RegisterOnMemberRemoved(Action callback) => Register(_onRemoved, callback, () => IsTerminated);

    private NodeId? Find(Address address) => _node.View.State.Members.Values
        .FirstOrDefault(member => ClusterViews.AddressOf(member.Id.Address, System.Name) == address)?.Id;

    private async Task StartAsync()
    {
        try
        {
            await _node.StartAsync();
            if (!Settings.SeedNodes.IsEmpty)
            {
                _node.Join();
            }
        }
        catch (Exception e)
        {
            _log.Error(e, "Node [{0}] cannot take part in the cluster", SelfAddress);
        }
    }

    private void OnChanged(MembershipView before, MembershipView view)
    {
        var state = ClusterViews.StateOf(view, System.Name);
        var self = view.Self is { } id ? new UniqueAddress(SelfAddress, checked((int)id.Incarnation)) : null;
        _self = self ?? new UniqueAddress(SelfAddress, 0);
        _selfMember = state.Members.FirstOrDefault(member => member.UniqueAddress == self)
            ?? new Member(_self, 0, MemberStatus.Removed, SelfRoles);
        _state = state;
        _publisher.Tell(state);
        var ended = before.End is null && view.End is not null;
        if (ended)
        {
            _log.Info("Node [{0}] takes part no more: {1}", SelfAddress, view.End!);
            _publisher.Tell(ClusterShuttingDown.Instance);
        }

        if (IsUp)
        {
            _wasIn = true;
            Call(_onUp);
        }
        else if (ended || (_wasIn && self is null))
        {
            _wasIn = false;
            Call(_onRemoved);
        }

        ClusterShutdown.OnChanged(System, before, view);
    }

    private void Register(List<Action> callbacks, Action callback, Func<bool> isDue)
    {
        lock (_lock)
        {
            callbacks.Add(callback);
        }

        if (isDue())
        {
            Call(callbacks);
        }
    }

    private void Call(List<Action> callbacks)
    {
        Action[] due;
        lock (_lock)
        {
            due = [.. callbacks];
            callbacks.Clear();
        }

        foreach (var callback in due)
        {
            try
            {
                callback();
            }
            catch (Exception e)
            {
                _log.Error(e, "A callback of the cluster failed");
            }
        }
    }
}
