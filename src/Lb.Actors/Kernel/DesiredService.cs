using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>What the kernel is to hold for one service: one generation of it, with what is moved.</summary>
/// <param name="Vip">The service.</param>
/// <param name="Mode">Forwarding mode.</param>
/// <param name="Tracking">Which flows are remembered.</param>
/// <param name="Seed">Seed of the flow hash.</param>
/// <param name="Revision">Grows by one with every change of the service.</param>
/// <param name="Backends">Every backend that a slot or a flow may name.</param>
/// <param name="Slots">The table, in the ids of the backends; empty while nobody is there to forward to.</param>
public sealed record DesiredService(
    Endpoint Vip,
    ForwardingMode Mode,
    Tracking Tracking,
    uint Seed,
    long Revision,
    ImmutableArray<DesiredBackend> Backends,
    ImmutableArray<Slot> Slots)
{
    /// <summary>Which of its flows are logged.</summary>
    public FlowLogging Logging { get; init; }

    /// <summary>Mode that flows have which are older than the last change of <see cref="Mode"/>; null when there are none.</summary>
    public ForwardingMode? Older { get; init; }

    /// <summary>UDP port that packets are sent to, host byte order; 0 when they are not encapsulated in UDP.</summary>
    public ushort TunnelPort { get; init; }

    /// <summary>The largest MSS that both ends of a connection may say; 0 for any.</summary>
    public ushort Mss { get; init; }

    /// <summary>With affinity, the bits of a source's address that tell its clients apart; null without.</summary>
    public int? AffinityPrefix { get; init; }

    /// <summary>With affinity, the ticks that a client keeps its backend for when the table changes; 0 for none.</summary>
    public uint AffinityTicks { get; init; }

    /// <summary>How QUIC connection IDs name its backends; null when they do not.</summary>
    public QuicRouting? Quic { get; init; }

    /// <summary>Clients of TCP flows whose backend is dead are told by a RST.</summary>
    public bool Resets { get; init; }

    /// <summary>Its packets are to be forwarded at traffic control, whatever the node could do.</summary>
    public bool ByTc { get; init; }

    /// <summary>What the slots of its flows depend on.</summary>
    public FlowHashing Hashing => new(Seed, AffinityPrefix);

    /// <summary>How its relay is reached.</summary>
    public DesiredRelay Relay { get; init; } = DesiredRelay.Default;

    /// <summary>New flows or older ones go by nat.</summary>
    public bool UsesNat => Uses(ForwardingMode.Nat);

    /// <summary>New flows or older ones go by this mode.</summary>
    public bool Uses(ForwardingMode mode) => mode == Mode || mode == Older;

    /// <summary>New flows or older ones have a relay.</summary>
    public bool UsesRelay => Uses(ForwardingMode.Tproxy);
}

/// <summary>How the relay of a service is reached.</summary>
/// <param name="Wanted">What is to intercept its packets.</param>
/// <param name="Source">The address that it connects to backends from.</param>
public readonly record struct DesiredRelay(InterceptBy Wanted, RelaySource Source)
{
    /// <summary>Of a service that has none.</summary>
    public static DesiredRelay Default { get; }

    /// <summary>Of these settings.</summary>
    public static DesiredRelay Of(RelaySettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new DesiredRelay(settings.Interception, settings.Source);
    }
}

/// <summary>A backend of a desired service.</summary>
/// <param name="Id">Number in the service's slots; not 0.</param>
/// <param name="Socket">Address, port and protocol.</param>
/// <param name="Alive">Flows that it has stay with it.</param>
/// <param name="Leftover">No longer in the config: it gives way when another service claims its address.</param>
public sealed record DesiredBackend(uint Id, Endpoint Socket, bool Alive, bool Leftover)
{
    /// <summary>What the QUIC connection IDs that it issues have in common; null when they say nothing.</summary>
    public ServerId? ServerId { get; init; }

    /// <summary>It has had its time to drain: a relay ends the connections that it has.</summary>
    public bool Drained { get; init; }
}
