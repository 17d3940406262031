using System.Net.Sockets;

namespace Lb.Kernel;

/// <summary>What a map of flows holds.</summary>
public enum FlowTableKind
{
    /// <summary>Established flows.</summary>
    Established,

    /// <summary>Flows of which only SYNs were seen.</summary>
    Pending,

    /// <summary>Clients that keep their backend: affinity with a timeout.</summary>
    Clients,
}

/// <summary>How full one of the maps of flows is. A full one gives up what was not used for longest.</summary>
/// <param name="Family">Of the flows' addresses.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Entries">Flows, or clients, in it.</param>
/// <param name="Room">Entries that it has room for. The kernel may give up some before it is full: each CPU keeps a few free.</param>
/// <param name="Evicted">Entries that it gave up since it was opened; never more than there really were.</param>
public sealed record FlowTableUse(AddressFamily Family, FlowTableKind Kind, long Entries, long Room, long Evicted);
