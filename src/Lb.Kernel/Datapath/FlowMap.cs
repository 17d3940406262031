using Lb.Kernel.Layout;
using Lb.Kernel.Maps;

namespace Lb.Kernel.Datapath;

/// <summary>One flow table: of one address family, established or pending.</summary>
internal interface IFlowMap : IDisposable
{
    /// <summary>Appends what is there, with the idle time at a tick.</summary>
    void ReadInto(List<FlowRecord> records, uint tick);

    /// <summary>Forgets flows and says of each whether it was there.</summary>
    bool[] Delete(IReadOnlyCollection<Flow> flows);
}

/// <inheritdoc/>
internal sealed class FlowMap<TKey>(HashMap<TKey, FlowValue> map, bool pending) : IFlowMap
    where TKey : unmanaged, IFlowKey<TKey>
{
    public void ReadInto(List<FlowRecord> records, uint tick)
    {
        List<KeyValuePair<TKey, FlowValue>> elements = map.ReadAll();
        records.EnsureCapacity(records.Count + elements.Count);
        foreach ((TKey key, FlowValue value) in elements)
        {
            records.Add(new FlowRecord(
                key.ToFlow(), value.Backend, value.Service, value.Slot, Tick.Since(value.Seen, tick), pending));
        }
    }

    public bool[] Delete(IReadOnlyCollection<Flow> flows)
    {
        TKey[] keys = [.. flows.Select(TKey.From)];
        var found = new bool[keys.Length];
        map.DeleteAll(keys, found);
        return found;
    }

    public void Dispose() => map.Dispose();
}
