using Lb.Kernel;

namespace Lb.Actors;

/// <summary>What the kernel's numbers of services and backends are to all nodes. Immutable.</summary>
internal sealed class SharedNames
{
    private readonly Dictionary<ulong, (LedgerService Service, Dictionary<ulong, uint> Backends)> _services = [];
    private readonly Dictionary<uint, (LedgerService Service, ulong Name)> _ids = [];
    private readonly Dictionary<uint, ulong> _backends = [];

    /// <summary>The names of what a ledger holds.</summary>
    public SharedNames(KernelLedger ledger)
    {
        Ledger = ledger;
        foreach (LedgerService service in ledger.Services.Values)
        {
            ulong name = VoteHash.Of(service.Desired.Vip);
            Dictionary<ulong, uint> backends = [];
            foreach (DesiredBackend backend in service.Desired.Backends)
            {
                uint index = service.Indexes[backend.Id];
                backends[VoteHash.Of(backend.Socket)] = index;
                _backends[index] = VoteHash.Of(backend.Socket);
            }

            _services[name] = (service, backends);
            _ids[service.Id] = (service, name);
        }
    }

    /// <summary>What they are of.</summary>
    public KernelLedger Ledger { get; }

    /// <summary>What is to be written for an entry; null when this node has not what it names.</summary>
    public FlowCopy? Find(SharedFlow entry)
    {
        if (!_services.TryGetValue(entry.Service, out (LedgerService Service, Dictionary<ulong, uint> Backends) known)
            || !known.Backends.TryGetValue(entry.Backend, out uint backend)
            || entry.Client.AddressFamily != known.Service.Desired.Vip.Address.AddressFamily)
        {
            return null;
        }

        DesiredService desired = known.Service.Desired;
        if (entry.Of(desired.Vip) is not { } flow)
        {
            return null;
        }

        uint slot = desired.Slots.IsEmpty ? 0 : desired.Hashing.Slot(flow, (uint)desired.Slots.Length);
        return new FlowCopy(flow, known.Service.Id, backend, slot, entry.Idle, entry.Opened);
    }

    /// <summary>What other nodes are to have of an entry; null when they need not have it.</summary>
    public SharedFlow? Name(FlowRecord flow)
    {
        if (flow.Pending || !_ids.TryGetValue(flow.Service, out (LedgerService Service, ulong Name) known)
            || !_backends.TryGetValue(flow.Backend, out ulong backend))
        {
            return null;
        }

        DesiredService desired = known.Service.Desired;
        bool isNeeded = desired.Tracking == Tracking.Full
            || flow.Slot >= desired.Slots.Length
            || !desired.Slots[(int)flow.Slot].IsClean;
        return isNeeded
            ? new SharedFlow(known.Name, backend, flow.Flow.Source, flow.Flow.SourcePort, flow.Idle, Opened: false)
                .Asking(flow.Flow, desired.Vip)
            : null;
    }
}
