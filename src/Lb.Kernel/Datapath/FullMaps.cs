using System.Net;
using System.Runtime.InteropServices;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;

namespace Lb.Kernel.Datapath;

/// <summary>Flows of full-nat, of both address families: those that both ends have a part in, and the new ones.</summary>
internal sealed class FullMaps(HashMap<FlowKey6, FullValue> full, HashMap<FlowKey6, FullValue> fresh) : IDisposable
{
    /// <summary>Appends what is there, with the idle time at a tick.</summary>
    public void ReadInto(List<FlowRecord> records, uint tick)
    {
        ReadInto(full, records, tick, isNew: false);
        ReadInto(fresh, records, tick, isNew: true);
    }

    /// <summary>One flow, with the idle time at a tick; null when it is not there.</summary>
    public FlowRecord? Find(Flow flow, uint tick)
    {
        FlowKey6 key = KeyOf(flow);
        return Find(full, key, tick, isNew: false) ?? Find(fresh, key, tick, isNew: true);
    }

    /// <summary>Counts what is there, and keeps some of it.</summary>
    public void Sample(FlowSampler sampler, uint tick)
    {
        Sample(full, sampler, tick, isNew: false);
        Sample(fresh, sampler, tick, isNew: true);
    }

    /// <summary>Forgets a flow and frees its port; false when it is not there.</summary>
    public bool Delete(Flow flow)
    {
        FlowKey6 key = KeyOf(flow);
        bool wasFull = Delete(full, key);
        return Delete(fresh, key) || wasFull;
    }

    /// <summary>Goes through all flows and removes those that are over. Any thread may.</summary>
    public FullNatSweep Sweep(Func<FullNatFlow, bool> isOver)
    {
        Dictionary<uint, int> ports = [];
        uint tick = Tick.Now;
        (int flows, int removed) = Sweep(full, isOver, tick, ports, isNew: false);
        (int added, int gone) = Sweep(fresh, isOver, tick, ports, isNew: true);
        return new FullNatSweep(flows + added, added, removed + gone, ports);
    }

    public void Dispose()
    {
        full.Dispose();
        fresh.Dispose();
    }

    private static FlowKey6 KeyOf(Flow flow) => new()
    {
        Src = Address16.FromMapped(flow.Source),
        Dst = Address16.FromMapped(flow.Vip),
        Sport = flow.SourcePort,
        Dport = flow.VipPort,
        Proto = (byte)flow.Protocol,
    };

    /// <summary>The ends of packets that go the other way.</summary>
    private static FlowKey6 Reverse(FlowKey6 flow) =>
        flow with { Src = flow.Dst, Dst = flow.Src, Sport = flow.Dport, Dport = flow.Sport };

    private static bool AreSame(FlowKey6 one, FlowKey6 other) =>
        MemoryMarshal.AsBytes(new ReadOnlySpan<FlowKey6>(in one))
            .SequenceEqual(MemoryMarshal.AsBytes(new ReadOnlySpan<FlowKey6>(in other)));

    private static bool IsClients(FullValue value) => !value.Flags.HasFlag(FullFlags.Reply);

    private static void ReadInto(HashMap<FlowKey6, FullValue> map, List<FlowRecord> records, uint tick, bool isNew)
    {
        foreach ((FlowKey6 key, FullValue there) in map.ReadAll().Where(element => IsClients(element.Value)))
        {
            records.Add(ToRecord(map, key, there, tick, isNew));
        }
    }

    private static FlowRecord? Find(HashMap<FlowKey6, FullValue> map, FlowKey6 key, uint tick, bool isNew) =>
        map.TryGet(key, out FullValue there)
        && IsClients(there)
        // A new flow of which one entry was evicted begins anew.
        && (!isNew || Reply(map, key, there) is not null)
            ? ToRecord(map, key, there, tick, isNew)
            : null;

    private static void Sample(HashMap<FlowKey6, FullValue> map, FlowSampler sampler, uint tick, bool isNew) =>
        map.Scan((keys, values) =>
        {
            for (int i = 0; i < keys.Length; i++)
            {
                if (IsClients(values[i]) && sampler.Takes(values[i].Service, isNew))
                {
                    sampler.Add(ToRecord(map, keys[i], values[i], tick, isNew));
                }
            }
        });

    private static FlowRecord ToRecord(
        HashMap<FlowKey6, FullValue> map, FlowKey6 key, FullValue there, uint tick, bool isNew)
    {
        FullValue? back = Reply(map, key, there);
        Flow flow = new(
            key.Src.ToMappedAddress(),
            key.Sport.Host,
            key.Dst.ToMappedAddress(),
            key.Dport.Host,
            (TransportProtocol)key.Proto);
        return new FlowRecord(flow, there.Backend, there.Service, there.Slot, IdleOf(there, back, tick), isNew)
        {
            SentFrom = new IPEndPoint(there.Becomes.Src.ToMappedAddress(), there.Becomes.Sport.Host),
            End = FullValue.StateOf(there.Flags, back?.Flags ?? FullFlags.Reset),
        };
    }

    /// <summary>The entry of the other direction; null when it is gone, or another flow has its port.</summary>
    private static FullValue? Reply(HashMap<FlowKey6, FullValue> map, FlowKey6 key, FullValue there) =>
        map.TryGet(Reverse(there.Becomes), out FullValue back) && AreSame(Reverse(back.Becomes), key) ? back : null;

    private static TimeSpan IdleOf(FullValue there, FullValue? back, uint tick)
    {
        TimeSpan idle = Tick.Since(there.Seen, tick);
        TimeSpan answered = back is { } reply ? Tick.Since(reply.Seen, tick) : idle;
        return answered < idle ? answered : idle;
    }

    /// <summary>The backend's entry goes first: as long as the client's is there, the port can be found.</summary>
    private static bool Delete(HashMap<FlowKey6, FullValue> map, FlowKey6 key)
    {
        if (!map.TryGet(key, out FullValue there) || !IsClients(there))
        {
            return false;
        }

        if (Reply(map, key, there) is not null)
        {
            map.Delete(Reverse(there.Becomes));
        }

        return map.Delete(key);
    }

    private static (int Flows, int Removed) Sweep(
        HashMap<FlowKey6, FullValue> map,
        Func<FullNatFlow, bool> isOver,
        uint tick,
        Dictionary<uint, int> ports,
        bool isNew)
    {
        int flows = 0;
        List<FlowKey6> over = [];
        map.Scan((keys, values) =>
        {
            for (int i = 0; i < keys.Length; i++)
            {
                FullValue there = values[i];
                if (!IsClients(there))
                {
                    continue;
                }

                if (isOver(Look(keys[i], there)))
                {
                    over.Add(keys[i]);
                    continue;
                }

                flows++;
                ref int used = ref CollectionsMarshal.GetValueRefOrAddDefault(ports, there.Backend, out _);
                used++;
            }
        });
        return (flows, over.Count(key => Delete(map, key)));

        // Whose client sent something within this tick is looked up no further.
        FullNatFlow Look(FlowKey6 key, FullValue there)
        {
            FullValue? back = there.Seen == tick ? null : Reply(map, key, there);
            return new FullNatFlow(
                there.Service,
                there.Backend,
                (TransportProtocol)key.Proto,
                isNew,
                FullValue.StateOf(there.Flags, back?.Flags ?? FullFlags.None),
                IdleOf(there, back, tick));
        }
    }
}
