namespace Lb.Kernel;

/// <summary>
/// Everything in the kernel that decides where packets of a flow go, read at one moment. <see cref="FlowRule"/> says
/// what follows from it.
/// </summary>
/// <param name="Flow">The five-tuple.</param>
/// <param name="IsVip">Its destination is marked as a VIP.</param>
/// <param name="Service">The service of its destination, port and protocol; null when there is none.</param>
/// <param name="Hash">The flow's hash with the seed of that service.</param>
/// <param name="SlotNumber">The flow's slot among those of the service.</param>
/// <param name="Slot">That slot; null when the program finds none.</param>
/// <param name="Established">Its entry among the established flows.</param>
/// <param name="Pending">Its entry among the flows of which only the SYN was seen.</param>
/// <param name="Reply">What its source is a nat backend of; null when it is none.</param>
/// <param name="Backends">The backends that slot and entries name, as far as they are in use.</param>
public sealed record FlowTrace(
    Flow Flow,
    bool IsVip,
    ServiceEntry? Service,
    uint Hash,
    uint SlotNumber,
    Slot? Slot,
    FlowRecord? Established,
    FlowRecord? Pending,
    NatEntry? Reply,
    IReadOnlyDictionary<uint, BackendEntry> Backends)
{
    /// <summary>What that service is of: its key, which may have a prefix or a range; null when there is none.</summary>
    public Endpoint? ServiceVip { get; init; }

    /// <summary>There are other nodes, which flows may come from.</summary>
    public bool IsShared { get; init; }

    /// <summary>Its entry of full-nat; null when it has none.</summary>
    public FlowRecord? Full { get; init; }

    /// <summary>What its client keeps; null when that is nothing, or its service has no affinity with a timeout.</summary>
    public KeptClient? Client { get; init; }

    /// <summary>Indexes of the backends that slot and entries name; 0 is none.</summary>
    public static IReadOnlyList<uint> Named(Slot? slot, FlowRecord? established, FlowRecord? pending)
    {
        uint[] named =
        [
            slot?.Current ?? 0, FlowRule.Previous(slot ?? default), established?.Backend ?? 0, pending?.Backend ?? 0,
        ];
        return [.. named.Where(index => index != 0).Distinct()];
    }
}
