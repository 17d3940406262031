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
}

/// <summary>A backend of a desired service.</summary>
/// <param name="Id">Number in the service's slots; not 0.</param>
/// <param name="Socket">Address, port and protocol.</param>
/// <param name="Alive">Flows that it has stay with it.</param>
/// <param name="Leftover">No longer in the config: it gives way when another service claims its address.</param>
public sealed record DesiredBackend(uint Id, Endpoint Socket, bool Alive, bool Leftover);
