using System.Collections.Immutable;
using System.Net;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>A service: VIP, protocol, port and policy.</summary>
/// <param name="Name">Name within the site.</param>
/// <param name="Vip">What clients connect to.</param>
/// <param name="Mode">Forwarding mode.</param>
/// <param name="Tracking">Which flows are remembered.</param>
/// <param name="FlowMemory">How long a flow without packets is remembered, and a slot stays moved.</param>
/// <param name="Slots">Slots of its Maglev table, a prime; 0 chooses by the size of the pool.</param>
/// <param name="Seed">Seed of the flow hash.</param>
/// <param name="Backends">Pool by name.</param>
/// <param name="Health">How backends are probed.</param>
public sealed record ServiceConfig(
    string Name,
    Endpoint Vip,
    ForwardingMode Mode,
    Tracking Tracking,
    TimeSpan FlowMemory,
    int Slots,
    uint Seed,
    ImmutableSortedDictionary<string, BackendConfig> Backends,
    HealthConfig Health)
{
    /// <summary>Which of its flows go to the flow log.</summary>
    public FlowLogging Logging { get; init; }

    /// <summary>How its pool is used.</summary>
    public PoolPolicy Pool { get; init; } = PoolPolicy.Default;

    /// <summary>UDP port of the backends that <see cref="ForwardingMode.DsrGue"/> sends to, host byte order.</summary>
    public ushort GuePort { get; init; } = ForwardingModes.GuePort;

    /// <summary>The largest MSS that <see cref="ForwardingMode.Nat"/> and <see cref="ForwardingMode.FullNat"/> let both ends of a connection say; 0 for any.</summary>
    public ushort Mss { get; init; }

    /// <summary>Where in the kernel its packets are forwarded.</summary>
    public HookChoice Datapath { get; init; }

    /// <summary>All flows of a client go to one backend; null when each is chosen for by itself.</summary>
    public SourceAffinity? Affinity { get; init; }

    /// <summary>What becomes of TCP flows whose backend is dead.</summary>
    public DeadFlows DeadFlows { get; init; }

    /// <summary>How QUIC connection IDs name its backends; null when they do not.</summary>
    public QuicRouting? Quic { get; init; }

    /// <summary>What the slots of its flows depend on, on the kernel's path.</summary>
    public FlowHashing Hashing => new(Seed, Affinity?.PrefixOf(Vip.Address.AddressFamily));

    /// <summary>How connections are relayed, where <see cref="Mode"/> is <see cref="ForwardingMode.Tproxy"/>.</summary>
    public RelaySettings Relay { get; init; } = RelaySettings.Default;
}

/// <summary>What becomes of TCP flows whose backend is dead.</summary>
public enum DeadFlows
{
    /// <summary>Their packets go to another backend, whose host answers what it does not know.</summary>
    Rehash,

    /// <summary>The node tells their clients by a RST.</summary>
    Reset,
}

/// <summary>What the operator wants of a backend.</summary>
public enum BackendAdmin
{
    /// <summary>Used while healthy.</summary>
    Enabled,

    /// <summary>No new flows; those it has are finished.</summary>
    Drain,

    /// <summary>Not used, and its flows are not kept.</summary>
    Disabled,
}

/// <summary>A server of a pool.</summary>
/// <param name="Name">Name within the pool.</param>
/// <param name="Address">Its address.</param>
/// <param name="Port">Its port, host byte order. Equal to the service's port unless the mode translates ports.</param>
/// <param name="Weight">Share of new flows relative to the pool's other backends, 0 to 65535; 0 takes none.</param>
/// <param name="Admin">What the operator wants of it.</param>
public sealed record BackendConfig(string Name, IPAddress Address, ushort Port, int Weight, BackendAdmin Admin)
{
    /// <summary>Which TLS clients it is for, where the service is relayed.</summary>
    public TlsMatch Tls { get; init; } = TlsMatch.Any;

    /// <summary>It gets new flows only while no other backend is up.</summary>
    public bool Backup { get; init; }

    /// <summary>What the QUIC connection IDs that it issues have in common; null when they say nothing.</summary>
    public ServerId? ServerId { get; init; }

    /// <summary>How long it keeps its flows when it drains; zero: as long as they last; null: as the service says.</summary>
    public TimeSpan? DrainDeadline { get; init; }
}

/// <summary>How the backends of a service are probed.</summary>
/// <param name="Check">What a probe does.</param>
/// <param name="Port">Port that is probed; 0 is the backend's own.</param>
/// <param name="Interval">Time from one probe to the next.</param>
/// <param name="Timeout">Time after which a probe has failed; shorter than the interval.</param>
/// <param name="Rise">Successes in a row that make a backend up.</param>
/// <param name="Fall">Failures in a row that make it down.</param>
/// <param name="Jitter">Share of the interval by which probes are spread, 0 to 0.5.</param>
public sealed record HealthConfig(
    HealthCheck Check, ushort Port, TimeSpan Interval, TimeSpan Timeout, int Rise, int Fall, double Jitter);

/// <summary>What a probe does.</summary>
public abstract record HealthCheck
{
    private HealthCheck()
    {
    }

    /// <summary>
    /// Header of the PROXY protocol that the backend is sent before anything else, as of a connection that the node makes
    /// for itself.
    /// </summary>
    public ProxySend Header { get; init; }

    /// <summary>Nothing: a backend counts as up.</summary>
    public sealed record None : HealthCheck;

    /// <summary>Opens a TCP connection and closes it.</summary>
    public sealed record TcpConnect : HealthCheck;

    /// <summary>Sends an HTTP/1.1 GET.</summary>
    /// <param name="Path">Path and query.</param>
    /// <param name="Host">Host header; null is the backend's address and port.</param>
    /// <param name="Statuses">Status codes that count as success.</param>
    public sealed record HttpGet(string Path, string? Host, ImmutableSortedSet<int> Statuses) : HealthCheck;
}
