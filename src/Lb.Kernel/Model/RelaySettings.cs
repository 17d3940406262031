using System.Collections.Immutable;

namespace Lb.Kernel;

/// <summary>Which address a relay connects to backends from.</summary>
public enum RelaySource : byte
{
    /// <summary>The client's: the backend's replies must pass the node.</summary>
    Client,

    /// <summary>One of the node's own.</summary>
    Node,
}

/// <summary>How connections of a service are relayed.</summary>
/// <param name="Source">Which address backends see.</param>
/// <param name="ConnectTimeout">Time for one attempt to connect to a backend.</param>
/// <param name="IdleTimeout">Time without a byte in either direction after which a connection is reset.</param>
/// <param name="Attempts">How many backends are tried for one connection.</param>
/// <param name="Connections">Most connections at once; more wait in the kernel's backlog.</param>
public sealed record RelaySettings(
    RelaySource Source, TimeSpan ConnectTimeout, TimeSpan IdleTimeout, int Attempts, int Connections)
{
    /// <summary>Time without a datagram in either direction after which a UDP flow ends.</summary>
    public TimeSpan UdpIdleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What takes its packets to its sockets.</summary>
    public InterceptBy Interception { get; init; }

    /// <summary>What reference.conf says.</summary>
    public static RelaySettings Default { get; } = new(
        RelaySource.Client, TimeSpan.FromSeconds(3), TimeSpan.FromMinutes(15), 3, 20_000);

    /// <summary>Time for a client to send what is read before a backend is chosen.</summary>
    public TimeSpan GreetingTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Headers of the PROXY protocol, from clients and to backends.</summary>
    public RelayProxy Proxy { get; init; } = RelayProxy.Off;

    /// <summary>What moves the bytes of its connections.</summary>
    public RelayTransfer Transfer { get; init; }

    /// <summary>How a backend is chosen.</summary>
    public RelayBalance Balance { get; init; }

    /// <summary>Further limits.</summary>
    public RelayLimits Limits { get; init; } = RelayLimits.None;

    /// <summary>Whether silent peers are asked for.</summary>
    public RelayKeepAlive KeepAlive { get; init; } = RelayKeepAlive.Off;

    /// <summary>Which connections go to the flow log; the service's word, not stored here.</summary>
    public FlowLogging Logging { get; init; }

    /// <summary>A sampled service logs one connection in so many.</summary>
    public int LogSample { get; init; }

    /// <summary>What the node may use of limits that hold for several nodes together; null where each counts for itself.</summary>
    public RelayShares? Shares { get; init; }

    /// <summary>When a backend is passed over because of what is seen of it.</summary>
    public RelayOutlierSettings Outlier { get; init; } = RelayOutlierSettings.Default;
}

/// <summary>Where connections of a service go.</summary>
/// <param name="Seed">Seed of the flow hash.</param>
/// <param name="Slots">The Maglev table; a connection goes to the current backend of its slot.</param>
/// <param name="Backends">What the numbers in the slots stand for.</param>
/// <param name="Cut">Backends whose connections are reset, and why.</param>
public sealed record RelayTable(
    uint Seed,
    ImmutableArray<Slot> Slots,
    ImmutableDictionary<uint, Endpoint> Backends,
    ImmutableDictionary<Endpoint, RelayEnd> Cut)
{
    /// <summary>Backends that fail their checks: UDP flows that they have end, since nothing else would end them.</summary>
    public ImmutableHashSet<Endpoint> Dead { get; init; } = [];

    /// <summary>A table that refuses every connection.</summary>
    public static RelayTable Empty { get; } =
        new(0, [], ImmutableDictionary<uint, Endpoint>.Empty, ImmutableDictionary<Endpoint, RelayEnd>.Empty);

    /// <summary>Which TLS clients backends are for. Empty: no ClientHello is read; else one that is not in it takes any.</summary>
    public ImmutableDictionary<Endpoint, TlsMatch> Tls { get; init; } = ImmutableDictionary<Endpoint, TlsMatch>.Empty;

    /// <summary>
    /// Connections from clients' addresses are made from their ports too where that can be. While flows of the same
    /// clients go to the backends past the relay, no other port is sure to be free there.
    /// </summary>
    public bool KeepsPort { get; init; }

    /// <summary>Backends that keep their connections: those of the config that are enabled, whatever checks say.</summary>
    public ImmutableHashSet<Endpoint> Kept { get; init; } = [];
}
