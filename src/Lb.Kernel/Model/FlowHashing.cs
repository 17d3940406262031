using System.Net.Sockets;
using Lb.Kernel.Datapath;

namespace Lb.Kernel;

/// <summary>What the slots of a service's flows depend on, beside the flows.</summary>
/// <param name="Seed">Seed of the flow hash.</param>
/// <param name="Prefix">
/// With affinity, the bits of a source's address that tell clients apart, and nothing else does; null without.
/// </param>
public readonly record struct FlowHashing(uint Seed, int? Prefix)
{
    /// <summary>Hash of a flow.</summary>
    public uint Of(Flow flow) => FlowHash.Of(flow, Seed, Prefix);

    /// <summary>Slot of a flow in a table of that many slots.</summary>
    public uint Slot(Flow flow, uint slots) => FlowHash.Slot(Of(flow), slots);
}

/// <summary>Clients of a service keep to one backend with all their flows.</summary>
/// <param name="Prefix4">Bits of an IPv4 address that tell clients apart.</param>
/// <param name="Prefix6">The same of IPv6.</param>
public sealed record SourceAffinity(int Prefix4, int Prefix6)
{
    /// <summary>
    /// How long a client keeps its backend without a packet of its flows, also when the table changes; zero: as long as
    /// the table stands.
    /// </summary>
    public TimeSpan Timeout { get; init; }

    /// <summary>That time in ticks, at least as long.</summary>
    public uint Ticks => Tick.Covering(Timeout);

    /// <summary>Every address is a client.</summary>
    public static SourceAffinity Default { get; } = new(32, 128);

    /// <summary>Bits for an address family.</summary>
    public int PrefixOf(AddressFamily family) => family == AddressFamily.InterNetwork ? Prefix4 : Prefix6;
}
