using System.Net.Sockets;

namespace Lb.Kernel;

/// <summary>How full one of the maps of flows is. A full one gives up what was not used for longest.</summary>
/// <param name="Family">Of the flows' addresses.</param>
/// <param name="Pending">Whether it holds flows of which only SYNs were seen, or the established ones.</param>
/// <param name="Entries">Flows in it.</param>
/// <param name="Room">Flows that it has room for. The kernel may give up some before it is full: each CPU keeps a few free.</param>
/// <param name="Evicted">Flows that it gave up since it was opened; never more than there really were.</param>
public sealed record FlowTableUse(AddressFamily Family, bool Pending, long Entries, long Room, long Evicted);
