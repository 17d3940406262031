using System.Collections.Concurrent;
using System.Threading.Channels;
using Lb.Cluster.Transport;

namespace Lb.Cluster.Membership;

/// <summary>
/// A node's part in its site: runs an agent on a clock, a transport and a table. All of it happens one after the
/// other; what it knows is told to <see cref="Changed"/> on the same turn.
/// </summary>
public sealed class ClusterNode : IAsyncDisposable
{
    private const int LongestBacklog = 10_000;

    private readonly MembershipAgent _agent;
    private readonly MembershipOptions _options;
    private readonly IMembershipTable _table;
    private readonly IClusterTransport _transport;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly CancellationTokenSource _end = new();

    // Full only when this process has no time at all: messages are dropped then, as the network would.
    private readonly Channel<Action<TimeSpan>> _turns = Channel.CreateBounded<Action<TimeSpan>>(
        new BoundedChannelOptions(LongestBacklog) { SingleReader = true });

    private readonly byte[] _buffer;
    private readonly ConcurrentDictionary<ClusterSubsystem, SubsystemMessage> _parts = new();
    private int _isDisposed;
    private Task _running = Task.CompletedTask;
    private MembershipView _view = MembershipView.Unknown;

    /// <summary>Creates the node; it does nothing until it is started.</summary>
    public ClusterNode(
        MembershipOptions options, IMembershipTable table, IClusterTransport transport, TimeProvider time)
    {
        _options = options;
        _agent = new MembershipAgent(options);
        _table = table;
        _transport = transport;
        _time = time;
        _start = time.GetTimestamp();
        _buffer = new byte[ClusterMessageCodec.LongestMessage];
    }

    /// <summary>Is told what the node knows when that has changed: before and after.</summary>
    public event Action<MembershipView, MembershipView>? Changed;

    /// <summary>Where the node is, as <c>host:port</c>.</summary>
    public string Address => _options.Address;

    /// <summary>Its roles.</summary>
    public IReadOnlyList<string> Roles => _options.Roles;

    /// <summary>What the node knows.</summary>
    public MembershipView View => Volatile.Read(ref _view);

    /// <summary>The node's running time, which <see cref="MembershipView.Unreachable"/> goes by.</summary>
    public TimeSpan Now => _time.GetElapsedTime(_start);

    /// <summary>Begins to read the table and to answer others.</summary>
    public async Task StartAsync()
    {
        await _transport.StartAsync(Receive);
        _running = Task.WhenAll(Task.Run(RunAsync), Task.Run(TickAsync), Task.Run(ListenAsync));
        Post(_agent.Told);
    }

    /// <summary>Wants in, and in again whenever the node is given up.</summary>
    public void Join() => Post(_agent.Join);

    /// <summary>Wants out for good. It hands over first, and says so with <see cref="ConfirmExit"/>.</summary>
    public void Leave() => Post(_agent.Leave);

    /// <summary>Has handed over what the node had.</summary>
    public void ConfirmExit() => Post(_agent.ConfirmExit);

    /// <summary>Wants another member to leave.</summary>
    public void Leave(NodeId node) => Post(now => _agent.Wish(now, new MembershipCommand.Leave(node)));

    /// <summary>Gives up a member, whoever reaches it.</summary>
    public void Down(NodeId node) => Post(now => _agent.Wish(now, new MembershipCommand.Down(node)));

    /// <summary>
    /// Has a part of the node told of what the same part of other nodes sends, one message after the other. What comes
    /// for a part that nobody has registered is dropped.
    /// </summary>
    /// <exception cref="InvalidOperationException">The part is registered already.</exception>
    public void Handle(ClusterSubsystem part, SubsystemMessage handler)
    {
        if (!_parts.TryAdd(part, handler))
        {
            throw new InvalidOperationException($"{part} is registered already");
        }
    }

    /// <summary>
    /// Sends a part's message to the same part of the node at an address, <c>host:port</c>. It may get lost, and never
    /// waits. The sender is what <see cref="View"/> says when it goes out: incarnation 0 while the node is no member.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// It is longer than <see cref="ClusterMessageCodec.LongestPayload"/>.
    /// </exception>
    public void Send(string address, ClusterSubsystem part, ReadOnlyMemory<byte> payload)
    {
        if (payload.Length > ClusterMessageCodec.LongestPayload)
        {
            throw new ArgumentException(
                $"{part} sends {payload.Length} bytes at once, and {ClusterMessageCodec.LongestPayload} is the most",
                nameof(payload));
        }

        Post(_ => Do(new AgentEffect.Send(
            address, new ClusterMessage.Subsystem(_view.Self ?? new NodeId(Address, 0), part, payload))));
    }

    /// <summary>Ends without a word to anybody.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await _end.CancelAsync();
        _turns.Writer.TryComplete();
        await _transport.DisposeAsync();
        await _running;
        _end.Dispose();
    }

    private void Post(Action<TimeSpan> turn) => _turns.Writer.TryWrite(turn);

    private void Receive(ReadOnlySpan<byte> bytes)
    {
        switch (ClusterMessageCodec.Read(bytes))
        {
            case null:
                break;
            case ClusterMessage.Subsystem subsystem:
                if (_parts.TryGetValue(subsystem.Part, out var handler))
                {
                    Post(_ => handler(subsystem.From, subsystem.Payload));
                }

                break;
            case { } message:
                Post(now => _agent.OnMessage(now, message));
                break;
        }
    }

    private async Task RunAsync()
    {
        await foreach (var turn in _turns.Reader.ReadAllAsync())
        {
            turn(Now);
            foreach (var effect in _agent.Drain())
            {
                Do(effect);
            }

            var before = _view;
            if (!ReferenceEquals(before, _agent.View))
            {
                Volatile.Write(ref _view, _agent.View);
                Changed?.Invoke(before, _agent.View);
            }
        }
    }

    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(_options.Tick, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                Post(_agent.Tick);
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private async Task ListenAsync()
    {
        try
        {
            while (!_end.IsCancellationRequested)
            {
                try
                {
                    await _table.ListenAsync(() => Post(_agent.Told), _end.Token);
                    return;
                }
                catch (Exception) when (!_end.IsCancellationRequested)
                {
                    // The table is read now and then in any case, and that says what is wrong with it.
                    await Task.Delay(_options.PollInterval, _time, _end.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private void Do(AgentEffect effect)
    {
        switch (effect)
        {
            case AgentEffect.Send send:
                _transport.Send(send.Address, _buffer.AsSpan(0, ClusterMessageCodec.Write(send.Message, _buffer)));
                break;
            case AgentEffect.Read read:
                _ = Task.Run(() => ReadAsync(read.Reader));
                break;
            case AgentEffect.Change change:
                _ = Task.Run(() => ChangeAsync(change));
                break;
        }
    }

    private async Task ReadAsync(NodeId? reader)
    {
        try
        {
            var snapshot = await _table.ReadAsync(reader);
            Post(now => _agent.OnRead(now, snapshot));
        }
        catch (Exception e)
        {
            Post(now => _agent.OnReadFailed(now, e.Message));
        }
    }

    private async Task ChangeAsync(AgentEffect.Change change)
    {
        try
        {
            var decision = await _table.ChangeAsync(change.Command, change.RevisionFloor, change.IncarnationFloor);
            Post(now => _agent.OnDecision(now, change.Command, decision));
        }
        catch (Exception e)
        {
            Post(now => _agent.OnChangeFailed(now, e.Message));
        }
    }
}
