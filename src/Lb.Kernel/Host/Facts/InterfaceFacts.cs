using System.Collections.Immutable;
using System.Net;

namespace Lb.Kernel.Host;

/// <summary>An interface.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Index">Its index.</param>
public sealed record InterfaceFacts(string Name, int Index)
{
    /// <summary>Kind of a device that is made by software, as <c>veth</c> or <c>vlan</c>; null for hardware.</summary>
    public string? Kind { get; init; }

    /// <summary>Name of its driver.</summary>
    public string? Driver { get; init; }

    /// <summary>Somebody set it up.</summary>
    public bool Up { get; init; }

    /// <summary>Its cable is in.</summary>
    public bool Carrier { get; init; }

    /// <summary>Layer-3 bytes.</summary>
    public int Mtu { get; init; }

    /// <summary>It has link-layer addresses of Ethernet, and is not the loopback.</summary>
    public bool Ethernet { get; init; }

    /// <summary>A VLAN device rests on it.</summary>
    public bool CarriesVlans { get; init; }

    /// <summary>Its addresses.</summary>
    public ImmutableArray<IPAddress> Addresses { get; init; } = [];

    /// <summary>What its driver can do for XDP; null when the kernel does not tell.</summary>
    public XdpFeatures? Features { get; init; }

    /// <summary>Its XDP program.</summary>
    public AttachedProgram? Xdp { get; init; }

    /// <summary>The programs of traffic control on it.</summary>
    public ImmutableArray<AttachedProgram> TrafficControl { get; init; } = [];

    /// <summary>Its receive queues.</summary>
    public ChannelFacts? Channels { get; init; }

    /// <summary>Offloads that are on, by the kernel's names; null when they could not be read.</summary>
    public ImmutableHashSet<string>? Offloads { get; init; }

    /// <summary>Its settings of IPv4.</summary>
    public IPv4Settings? IPv4 { get; init; }

    /// <summary>Its settings of IPv6; null where there is no IPv6.</summary>
    public IPv6Settings? IPv6 { get; init; }

    /// <summary>Whether an offload is on.</summary>
    public bool HasOffload(string name) => Offloads?.Contains(name) == true;
}

/// <summary>Receive queues: the ones that packets are spread over.</summary>
/// <param name="Receive">In use.</param>
/// <param name="MostReceive">As many as there can be.</param>
public sealed record ChannelFacts(int Receive, int MostReceive);

/// <summary>A BPF program on an interface.</summary>
/// <param name="Id">Its id; 0 when it has none.</param>
/// <param name="Name">Its name; null when it cannot be told.</param>
/// <param name="Where"><c>xdp</c>, <c>tc ingress</c> or <c>tc egress</c>.</param>
/// <param name="Native">In the driver.</param>
/// <param name="Ours">The site's own; null when that cannot be told.</param>
public sealed record AttachedProgram(uint Id, string? Name, string Where, bool Native, bool? Ours)
{
    /// <summary>As sentences name it.</summary>
    public override string ToString() => (Name, Id) switch
    {
        (null, 0) => "a program without a name",
        (null, _) => $"program {Id}",
        (_, 0) => $"program {Name}",
        _ => $"program {Name} (id {Id})",
    };
}

/// <summary>What a driver can do for XDP (<c>enum netdev_xdp_act</c>).</summary>
[Flags]
public enum XdpFeatures : ulong
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Run a program.</summary>
    Basic = 1,

    /// <summary>Send a packet out of another interface.</summary>
    Redirect = 2,

    /// <summary>Take a packet that another interface sends out of it.</summary>
    Target = 4,
}
