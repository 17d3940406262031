using System.Net.Sockets;
using Lb.Datapath.Tests.Model;
using Lb.Kernel;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;
using Lb.Kernel.Programs;

namespace Lb.Datapath.Tests.Lab;

/// <summary>The four flow tables, written and read as they are in the kernel.</summary>
internal sealed class FlowTables : IDisposable
{
    private readonly HashMap<FlowKey4, FlowValue> _flows4;
    private readonly HashMap<FlowKey6, FlowValue> _flows6;
    private readonly HashMap<FlowKey4, FlowValue> _pending4;
    private readonly HashMap<FlowKey6, FlowValue> _pending6;

    public FlowTables(BpfObject opened)
    {
        _flows4 = new(MapNames.Flows4, opened.TakeMap(MapNames.Flows4));
        _flows6 = new(MapNames.Flows6, opened.TakeMap(MapNames.Flows6));
        _pending4 = new(MapNames.Pending4, opened.TakeMap(MapNames.Pending4));
        _pending6 = new(MapNames.Pending6, opened.TakeMap(MapNames.Pending6));
    }

    public Dictionary<Flow, FlowState> ReadFlows() => Read(_flows4, _flows6);

    public Dictionary<Flow, FlowState> ReadPending() => Read(_pending4, _pending6);

    /// <summary>Makes the tables hold exactly these.</summary>
    /// <param name="flows">Established flows.</param>
    /// <param name="pending">Pending ones.</param>
    /// <param name="ages">Services whose flows have had no packet in this tick.</param>
    public void Write(Dictionary<Flow, FlowState> flows, Dictionary<Flow, FlowState> pending, HashSet<uint> ages)
    {
        Write(ReadFlows(), flows, _flows4, _flows6, ages);
        Write(ReadPending(), pending, _pending4, _pending6, []);
    }

    public void Dispose()
    {
        _flows4.Dispose();
        _flows6.Dispose();
        _pending4.Dispose();
        _pending6.Dispose();
    }

    private static bool IsV4(Flow flow) => flow.Vip.AddressFamily == AddressFamily.InterNetwork;

    private static Dictionary<Flow, FlowState> Read(
        HashMap<FlowKey4, FlowValue> v4, HashMap<FlowKey6, FlowValue> v6)
    {
        var all = new Dictionary<Flow, FlowState>();
        foreach ((FlowKey4 key, FlowValue value) in v4.ReadAll())
        {
            all.Add(key.ToFlow(), StateOf(value));
        }

        foreach ((FlowKey6 key, FlowValue value) in v6.ReadAll())
        {
            all.Add(key.ToFlow(), StateOf(value));
        }

        return all;
    }

    private static FlowState StateOf(FlowValue value) => new(value.Backend, value.Service, value.Slot);

    private static void Write(
        Dictionary<Flow, FlowState> there,
        Dictionary<Flow, FlowState> wanted,
        HashMap<FlowKey4, FlowValue> v4,
        HashMap<FlowKey6, FlowValue> v6,
        HashSet<uint> ages)
    {
        foreach (Flow flow in there.Keys.Where(flow => !wanted.ContainsKey(flow)))
        {
            _ = IsV4(flow) ? v4.Delete(FlowKey4.From(flow)) : v6.Delete(FlowKey6.From(flow));
        }

        foreach ((Flow flow, FlowState state) in wanted)
        {
            if (there.TryGetValue(flow, out FlowState old) && old == state && !ages.Contains(state.Service))
            {
                continue;
            }

            var value = new FlowValue { Backend = state.Backend, Service = state.Service, Slot = state.Slot };
            if (IsV4(flow))
            {
                v4.Set(FlowKey4.From(flow), value);
            }
            else
            {
                v6.Set(FlowKey6.From(flow), value);
            }
        }
    }
}
