using System.Collections.Concurrent;
using System.Collections.Immutable;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Relays;

/// <summary>The relay of one service: its listener, where its connections go, and its counters.</summary>
internal sealed partial class RelayService : IRelay, IRelayUse
{
    private readonly ConcurrentDictionary<Endpoint, RelayBackend> _backends = [];
    private readonly RelayEngine _engine;
    private readonly RelayRejections _rejections = new();
    private volatile RelayRoute _route;
    private int _watchers;
    private int _ended;
    private long _refused;
    private long _idle;

    public RelayService(RelayEngine engine, Endpoint vip, int listener, RelaySettings settings, RelayTable table)
    {
        _engine = engine;
        Vip = vip;
        VipBytes = vip.Address.GetAddressBytes();
        Listener = listener;
        Share(settings, table);
        _route = new RelayRoute(settings, table, Backend);
        RelaySockets.KeepAlive(listener, settings.KeepAlive);
        OpenLog(settings);
    }

    public Endpoint Vip { get; }

    public byte[] VipBytes { get; }

    /// <summary>Accepts connections; -1 for a UDP service.</summary>
    public int Listener { get; }

    /// <summary>Its sockets, when it is a UDP service.</summary>
    public DatagramListeners? Datagrams { get; init; }

    /// <summary>Mark of the packets of its sockets; 0 for none.</summary>
    public uint Mark => _engine.Mark;

    public RelayRoute Route => _route;

    public RelayCounter Counter { get; } = new();

    /// <summary>Clients that another process has handed over and that have no backend yet.</summary>
    public ConcurrentBag<(int Socket, SocketAddress Peer, byte[] Read)> Waiting { get; } = [];


    public void Use(RelaySettings settings, RelayTable table)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(table);
        RelayRoute before = _route;
        OpenLog(settings);
        _engine.Prepare(settings);
        Share(settings, table);
        _route = new RelayRoute(settings, table, Backend);
        Adopt(before.Settings, settings);
        HashSet<Endpoint> kept = [.. table.Backends.Values];
        foreach ((Endpoint socket, RelayBackend backend) in _backends)
        {
            // One that is chosen at this moment still counts, where nobody reads it any more.
            if (!kept.Contains(socket) && backend.Counter.Open == 0)
            {
                _backends.TryRemove(socket, out _);
            }
        }

        // A connection to a backend that has died ends by itself, and datagrams go on into nothing.
        ImmutableDictionary<Endpoint, RelayEnd> cut = Datagrams is null ? table.Cut : table.Cut.SetItems(
            table.Dead.Where(dead => !table.Cut.ContainsKey(dead))
                .Select(dead => KeyValuePair.Create(dead, RelayEnd.Down)));
        if (!cut.IsEmpty)
        {
            _engine.Post(loop => loop.Cut(this, cut));
        }
    }

    public RelayReport Read() => new(
        Counter.Read(),
        Interlocked.Read(ref _refused),
        Interlocked.Read(ref _idle),
        _backends.ToImmutableDictionary(backend => backend.Key, backend => backend.Value.Counter.Read()))
    {
        Rejected = _rejections.Read(),
        Datagrams = Datagrams?.Read(),
        Ends = ReadEnds(),
        Sockmap = _route.Settings.Transfer == RelayTransfer.Sockmap || Sockmap.HasAny
            ? Sockmap.Read(_engine.SockmapFault)
            : null,
        Held = Room.Held,
        Outliers = ReadOutliers(),
    };

    public void AddRefused() => Interlocked.Increment(ref _refused);

    public void AddIdle() => Interlocked.Increment(ref _idle);

    /// <summary>Counts a connection that is ended before a backend is chosen for it.</summary>
    public void AddRejected(RelayRejection reason) => _rejections.Add(reason);

    /// <summary>Has the loops wait for connections.</summary>
    public void Start()
    {
        _watchers = _engine.LoopCount;
        _engine.Post(loop => loop.Watch(this));
    }

    /// <summary>A loop no longer knows the listener; the last one closes it.</summary>
    public void Unwatched()
    {
        if (Interlocked.Decrement(ref _watchers) == 0)
        {
            _ = LibC.Close(Listener);
        }
    }

    public void Dispose()
    {
        if (!_engine.IsHolding && Interlocked.Exchange(ref _ended, 1) == 0)
        {
            _engine.Forget(this);
            // At once: whoever listens for the same service next must not wait for the loops.
            _ = LibC.Shutdown(Listener, LibC.ShutdownBoth);
            _engine.Post(loop => loop.End(this));
        }
    }

    public RelayBackend Backend(Endpoint socket) =>
        _backends.GetOrAdd(socket, added => new RelayBackend(added));
}
