using Lb.Kernel.Datapath;

namespace Lb.Kernel;

/// <summary>How much the maps hold; their memory is taken at the start, but that of tables, prefixes and full-nat.</summary>
public sealed record MapSizes
{
    /// <summary>Room for the ports of each backend of nat: a range takes 30 entries at most, and twice that while it is exchanged.</summary>
    private const int PortsOfBackend = 64;

    /// <summary>Services, tables, and VIP addresses of each family.</summary>
    public int Services { get; init; } = 1024;

    /// <summary>Backends of all services; index 0 is not used.</summary>
    public int Backends { get; init; } = 16_384;

    /// <summary>Established flows of each address family.</summary>
    public int Flows { get; init; } = 262_144;

    /// <summary>Flows of which only the SYN was seen, of each address family.</summary>
    public int Pending { get; init; } = 65_536;

    /// <summary>Clients that keep their backend, of each address family.</summary>
    public int Clients { get; init; } = 65_536;

    /// <summary>Flows of full-nat of both address families; their memory is taken as they come.</summary>
    public int FullNat { get; init; } = 524_288;

    /// <summary>New ones, that not both ends have a part in yet; a flood of these evicts no other.</summary>
    public int FullNatNew { get; init; } = 65_536;

    /// <summary>Prefixes of each address family that nat leaves alone: the node's own addresses among them.</summary>
    public int Direct { get; init; } = 16_384;

    /// <summary>Bytes of the flow log's ring buffer: a power of two, at least a page. An event takes 72.</summary>
    public int FlowLog { get; init; } = 4 << 20;

    /// <summary>Bytes of the ring buffer of news for other nodes: a power of two, at least a page. One takes 64.</summary>
    public int FlowNews { get; init; } = 2 << 20;

    /// <summary>Entries of a map; null when its size is not the operator's.</summary>
    internal uint? EntriesOf(string map) => map switch
    {
        MapNames.Vips4 or MapNames.Vips6 or MapNames.Ranges or MapNames.Prefixes4 or MapNames.Prefixes6
            => (uint)(2 * Services),
        MapNames.Tables => (uint)TableMaps.EntriesFor(Services),
        MapNames.ServiceStats or MapNames.Affinity or MapNames.Sticky or MapNames.Quic => (uint)Services,
        MapNames.Backends or MapNames.BackendStats or MapNames.Nat4 or MapNames.Nat6 or MapNames.ServerIds
            or MapNames.NatHosts4 or MapNames.NatHosts6 or MapNames.NatRanges
            => (uint)Backends,
        MapNames.NatPorts => (uint)(PortsOfBackend * Backends),
        MapNames.Flows4 or MapNames.Flows6 => (uint)Flows,
        MapNames.Pending4 or MapNames.Pending6 => (uint)Pending,
        MapNames.Clients4 or MapNames.Clients6 => (uint)Clients,
        MapNames.Full => (uint)(2 * FullNat),
        MapNames.FullNew => (uint)(2 * FullNatNew),
        MapNames.FlowLog => (uint)FlowLog,
        MapNames.FlowNews => (uint)FlowNews,
        MapNames.Direct4 or MapNames.Direct6 => (uint)Direct,
        _ => null,
    };
}
