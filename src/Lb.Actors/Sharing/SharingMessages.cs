using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>What a node shares flows by.</summary>
/// <param name="Mates">The other nodes.</param>
/// <param name="Gate">Is told when the node has caught up with them.</param>
/// <param name="Board">Where what is known is written.</param>
public sealed record SharingParts(IClusterMates Mates, JoinGate Gate, SharingBoard Board);

/// <summary>What a service tells those who share flows with other nodes; it passes through the service's supervisors.</summary>
internal abstract record ToSharing
{
    /// <summary>The sender sweeps a service, and wants to be told what others say of it.</summary>
    internal sealed record Join(Endpoint Vip) : ToSharing;

    /// <summary>The slots of a service, as the kernel holds them.</summary>
    /// <param name="Slots">What is said of them.</param>
    /// <param name="Joined">The joining in which what others know was taken over; null while it was not.</param>
    internal sealed record Report(SlotReport Slots, int? Joined) : ToSharing;
}

/// <summary>Nothing is known, at the start or after a crash: services join anew.</summary>
internal sealed record SharingReady;

/// <summary>Asks each service to join, and to tell its slots.</summary>
internal sealed record TellSharing;

/// <summary>Whether there are other nodes to have entries of flows.</summary>
internal sealed record ShareFlows(bool On);

/// <summary>Has the bridge say on the event stream what numbers in the kernel stand for.</summary>
internal sealed record TellKernelNames;

/// <summary>Writes entries of other nodes; answered with <see cref="SharedWritten"/>.</summary>
internal sealed record WriteShared(ImmutableArray<SharedFlow> Entries, ShareReceipt Receipt);

/// <summary>Entries are in the kernel, or wait for what they name.</summary>
internal sealed record SharedWritten(ShareReceipt Receipt);

/// <summary>Asks for the entries that other nodes are to have; answered with <see cref="SharedRead"/>.</summary>
internal sealed record ReadShared(string For, long Session);

/// <summary>Reply to <see cref="ReadShared"/>.</summary>
internal sealed record SharedRead(string For, long Session, IReadOnlyList<SharedFlow> Entries);

/// <summary>
/// Wants all that others have not confirmed to be with them; answered with <see cref="SharingFlushed"/> when it is, or has had
/// its time.
/// </summary>
public sealed record FlushSharing;

/// <summary>Reply to <see cref="FlushSharing"/>.</summary>
/// <param name="Done">All that are reachable have all.</param>
public sealed record SharingFlushed(bool Done);
