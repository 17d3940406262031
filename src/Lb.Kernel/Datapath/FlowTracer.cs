using Lb.Kernel.Layout;

namespace Lb.Kernel.Datapath;

/// <summary>Follows a flow through the maps, in the order that the program does.</summary>
internal sealed class FlowTracer(
    ServiceMaps services,
    RangeMaps ranges,
    AffinityMap affinity,
    QuicMaps quic,
    TableMaps tables,
    BackendMap backends,
    NatMaps nat,
    FlowMaps flows,
    ClientMaps clients,
    NodeMap node)
{
    public FlowTrace Trace(Flow flow)
    {
        var destination = new Endpoint(flow.Vip, flow.VipPort, flow.Protocol);
        NatEntry? reply = nat.Find(new Endpoint(flow.Source, flow.SourcePort, flow.Protocol));
        bool isVip = services.IsMarked(flow.Vip) || ranges.Has(flow.Vip);
        Endpoint? vip = destination;
        if (!services.TryRead(destination, out ServiceValue service))
        {
            vip = ranges.Find(destination);
        }

        if (vip is not { } found || (vip != destination && !services.TryRead(found, out service)))
        {
            return new FlowTrace(
                flow, isVip, null, 0, 0, null, null, null, reply, new Dictionary<uint, BackendEntry>());
        }

        ServiceEntry entry = quic.Complete(affinity.Complete(TableMaps.ToEntry(service), service), service);
        uint hash = entry.Hashing.Of(flow);
        uint number = FlowHash.Slot(hash, service.Slots);
        Slot? slot = service.Slots == 0 ? null : tables.ReadSlot(service.Table, number);
        (FlowRecord? established, FlowRecord? pending) = flows.Find(flow);
        Dictionary<uint, BackendEntry> named = [];
        FlowRecord? full = flows.FindFull(flow);
        KeptClient? client = entry is { AffinityPrefix: { } prefix, AffinityTicks: > 0 }
            ? clients.Find(entry.Id, flow.Source, prefix)
            : null;
        IEnumerable<uint> indexes =
            [.. FlowTrace.Named(slot, established, pending), full?.Backend ?? 0, client?.Backend ?? 0];
        foreach (uint index in indexes.Distinct())
        {
            if (backends.Find(index) is { } backend)
            {
                named.Add(index, backend);
            }
        }

        return new FlowTrace(
            flow, isVip, entry, hash, number, slot, established, pending, reply, named)
        {
            ServiceVip = vip,
            IsShared = node.Has(NodeFlags.Shared),
            Full = full,
            Client = client,
        };
    }
}
