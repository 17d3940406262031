using Lb.Datapath.Tests.Model;
using Lb.Kernel;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;
using Lb.Kernel.Programs;

namespace Lb.Datapath.Tests.Lab;

/// <summary>The two maps of full-nat, written and read as they are in the kernel.</summary>
internal sealed class FullTables(BpfObject opened) : IDisposable
{
    private readonly HashMap<FlowKey6, FullValue> _full = new(MapNames.Full, opened.TakeMap(MapNames.Full));
    private readonly HashMap<FlowKey6, FullValue> _new = new(MapNames.FullNew, opened.TakeMap(MapNames.FullNew));

    public Dictionary<Flow, FullState> ReadFull() => Read(_full);

    public Dictionary<Flow, FullState> ReadNew() => Read(_new);

    /// <summary>Makes the maps hold exactly these.</summary>
    /// <param name="full">Entries of flows that both ends have a part in.</param>
    /// <param name="fresh">The others.</param>
    /// <param name="ages">Services whose flows have had no packet in this tick.</param>
    public void Write(Dictionary<Flow, FullState> full, Dictionary<Flow, FullState> fresh, HashSet<uint> ages)
    {
        Write(_full, full, ages);
        Write(_new, fresh, ages);
    }

    public void Dispose()
    {
        _full.Dispose();
        _new.Dispose();
    }

    private static Dictionary<Flow, FullState> Read(HashMap<FlowKey6, FullValue> map) => map.ReadAll().ToDictionary(
        element => FlowOf(element.Key),
        element => new FullState(
            FlowOf(element.Value.Becomes),
            element.Value.Backend,
            element.Value.Service,
            element.Value.Slot,
            element.Value.Flags));

    private static void Write(HashMap<FlowKey6, FullValue> map, Dictionary<Flow, FullState> wanted, HashSet<uint> ages)
    {
        Dictionary<Flow, FullState> there = Read(map);
        foreach (Flow flow in there.Keys.Where(flow => !wanted.ContainsKey(flow)))
        {
            map.Delete(KeyOf(flow));
        }

        foreach ((Flow flow, FullState state) in wanted)
        {
            if (there.TryGetValue(flow, out FullState old) && old == state && !ages.Contains(state.Service))
            {
                continue;
            }

            map.Set(KeyOf(flow), new FullValue
            {
                Becomes = KeyOf(state.Becomes),
                Backend = state.Backend,
                Service = state.Service,
                Slot = state.Slot,
                Flags = state.Flags,
            });
        }
    }

    private static Flow FlowOf(FlowKey6 key) => new(
        key.Src.ToMappedAddress(),
        key.Sport.Host,
        key.Dst.ToMappedAddress(),
        key.Dport.Host,
        (TransportProtocol)key.Proto);

    private static FlowKey6 KeyOf(Flow flow) => new()
    {
        Src = Address16.FromMapped(flow.Source),
        Dst = Address16.FromMapped(flow.Vip),
        Sport = flow.SourcePort,
        Dport = flow.VipPort,
        Proto = (byte)flow.Protocol,
    };
}
