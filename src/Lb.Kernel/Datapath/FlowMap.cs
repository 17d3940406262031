using Lb.Kernel.Layout;
using Lb.Kernel.Maps;

namespace Lb.Kernel.Datapath;

/// <summary>One flow table: of one address family, established or pending.</summary>
internal interface IFlowMap : ICountedMap
{
    /// <summary>Appends what is there, with the idle time at a tick.</summary>
    void ReadInto(List<FlowRecord> records, uint tick);

    /// <summary>One flow, with the idle time at a tick; null when it is not there.</summary>
    FlowRecord? Find(Flow flow, uint tick);

    /// <summary>Counts what is there, and keeps some of it.</summary>
    void Sample(FlowSampler sampler, uint tick);

    /// <summary>Writes entries, with their idle time at a tick, and says how many.</summary>
    int Write(IEnumerable<FlowCopy> flows, uint tick);

    /// <summary>Forgets flows and says of each whether it was there.</summary>
    bool[] Delete(IReadOnlyCollection<Flow> flows);
}

/// <inheritdoc/>
internal sealed class FlowMap<TKey>(HashMap<TKey, FlowValue> map, bool pending) : IFlowMap
    where TKey : unmanaged, IFlowKey<TKey>
{
    private long _added;
    private long _deleted;

    public void ReadInto(List<FlowRecord> records, uint tick)
    {
        List<KeyValuePair<TKey, FlowValue>> elements = map.ReadAll();
        records.EnsureCapacity(records.Count + elements.Count);
        foreach ((TKey key, FlowValue value) in elements)
        {
            records.Add(ToRecord(key, value, tick));
        }
    }

    public FlowRecord? Find(Flow flow, uint tick)
    {
        var key = TKey.From(flow);
        return map.TryGet(key, out FlowValue value) ? ToRecord(key, value, tick) : null;
    }

    public void Sample(FlowSampler sampler, uint tick) => map.Scan((keys, values) =>
    {
        for (int i = 0; i < keys.Length; i++)
        {
            if (sampler.Takes(values[i].Service, pending))
            {
                sampler.Add(ToRecord(keys[i], values[i], tick));
            }
        }
    });

    public long Room => map.Capacity;

    public FlowTurnover Turnover => new(Interlocked.Read(ref _added), Interlocked.Read(ref _deleted));

    public long Count()
    {
        long count = 0;
        map.Scan((keys, _) => count += keys.Length);
        return count;
    }

    public int Write(IEnumerable<FlowCopy> flows, uint tick)
    {
        int written = 0;
        foreach (FlowCopy flow in flows)
        {
            var key = TKey.From(flow.Flow);
            var value = new FlowValue
            {
                Backend = flow.Backend,
                Service = flow.Service,
                Slot = flow.Slot,
                Seen = Tick.Before(tick, flow.Idle),
            };
            if (map.TryAdd(key, value))
            {
                Interlocked.Increment(ref _added);
                written++;
            }
            else if (flow.Replaces)
            {
                map.Set(key, value);
                written++;
            }
        }

        return written;
    }

    public bool[] Delete(IReadOnlyCollection<Flow> flows)
    {
        TKey[] keys = [.. flows.Select(TKey.From)];
        var found = new bool[keys.Length];
        map.DeleteAll(keys, found);
        Interlocked.Add(ref _deleted, found.Count(there => there));
        return found;
    }

    public void Dispose() => map.Dispose();

    private FlowRecord ToRecord(TKey key, FlowValue value, uint tick) => new(
        key.ToFlow(), value.Backend, value.Service, value.Slot, Tick.Since(value.Seen, tick), pending);
}
