using System.Net;
using Lb.Kernel;

namespace Lb.Actors.Tests;

/// <summary>
/// A service on a model of the kernel's slot rule: sends packets of flows through the generations that the product's
/// code plans, and knows which backend each flow has.
/// </summary>
internal sealed class SlotRuleModel
{
    public static readonly TimeSpan Memory = TimeSpan.FromMinutes(15);
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    /// <summary>In place of a backend: the client is told that its flow has none.</summary>
    private const uint Told = 0;

    private readonly Dictionary<ushort, FlowState> _flows = [];
    private readonly Dictionary<ushort, FlowState> _lost = [];
    private readonly Dictionary<ushort, (uint Backend, int Slot, long Seen)> _entries = [];
    private readonly bool _udp;
    private ServiceState _state;
    private Generation? _generation;
    private long _now = 1;
    private ushort _last;

    public SlotRuleModel(ServiceConfig config)
    {
        _udp = config.Vip.Protocol == TransportProtocol.Udp;
        _state = ServiceState.Start(config);
        Do(new ServiceCommand.Configure(config));
    }

    public int Moved => _generation!.Table.Moved;

    public int Entries => _entries.Count;

    public int Flows => _flows.Count;

    private bool Resets => _generation!.Desired.Resets;

    private TimeSpan Idle => _udp ? Window : Memory;

    public void Judge(int backend, bool up, byte step = 0) =>
        Do(new ServiceCommand.Judge(Socket(backend), up ? HealthVerdict.Up : HealthVerdict.Down, step));

    /// <summary>Those of the backends that drain have had their time, and no others.</summary>
    public void EndDrains(params IEnumerable<int> backends) => Do(new ServiceCommand.EndDrains([.. backends.Select(Socket)]));

    public void Configure(Func<ServiceConfig, ServiceConfig> change) =>
        Do(new ServiceCommand.Configure(change(_state.Config)));

    public void Advance(TimeSpan time)
    {
        _now += time.Ticks;
        // A flow that was silent for the flow memory is no flow any more.
        foreach (Dictionary<ushort, FlowState> flows in (Dictionary<ushort, FlowState>[])[_flows, _lost])
        {
            foreach (ushort port in flows.Where(f => _now - f.Value.Last >= Idle.Ticks).Select(f => f.Key).ToArray())
            {
                flows.Remove(port);
            }
        }
    }

    public void Open(int slot)
    {
        ushort port = ++_last;
        FlowState flow = new(slot);
        uint backend = Send(port, flow, opens: true);
        if (backend != 0)
        {
            _flows[port] = flow with { Backend = backend, Last = _now };
        }
    }

    /// <summary>Sends a packet of every flow that the number picks, and fails when one changed its backend.</summary>
    public void Talk(int pick)
    {
        foreach ((ushort port, FlowState flow) in _flows.Where(f => (f.Key + pick) % 3 != 0).ToArray())
        {
            uint backend = Send(port, flow, opens: false);
            Assert.True(
                backend == flow.Backend,
                $"flow {port} on slot {flow.Slot} went from backend {flow.Backend} to {backend}");
            _flows[port] = flow with { Last = _now };
        }
    }

    /// <summary>
    /// Sends a packet of every flow that the number picks which has lost its backend, and fails when its client is not told,
    /// unless that backend is back and has it again. Who was told sends no more.
    /// </summary>
    public int TalkOfLost(int pick)
    {
        int told = 0;
        foreach ((ushort port, FlowState flow) in _lost.Where(f => (f.Key + pick) % 3 == 0).ToArray())
        {
            uint backend = Send(port, flow, opens: false);
            uint expected = IsAlive(flow.Backend) ? flow.Backend : Told;
            Assert.True(
                backend == expected,
                $"flow {port} on slot {flow.Slot}, of backend {flow.Backend}, went to {backend} in place of {expected}");
            _lost.Remove(port);
            told += backend == Told ? 1 : 0;
            if (backend != Told)
            {
                _flows[port] = flow with { Last = _now };
            }
        }

        return told;
    }

    public void Sweep()
    {
        SweepResult result = SweepPlan.Plan(_generation!, [.. _entries.Select(Record)], Window, _now);
        if (!result.Clean.IsEmpty || !result.WindowOver.IsEmpty)
        {
            _generation = _generation!.Settle(result.Clean, result.WindowOver);
        }

        foreach (Flow flow in result.Stale)
        {
            _entries.Remove(flow.SourcePort);
        }
    }

    private Endpoint Socket(int backend) => Configs.Socket(backend) with { Protocol = _state.Config.Vip.Protocol };

    private void Do(ServiceCommand command)
    {
        _state = _state.Apply(_state.Decide(command));
        _generation = Generation.Next(_generation, _state, _now);
        foreach (ushort port in _flows.Where(flow => !IsAlive(flow.Value.Backend)).Select(f => f.Key).ToArray())
        {
            // Lost with its backend.
            if (Resets)
            {
                _lost[port] = _flows[port];
            }

            _flows.Remove(port);
        }
    }

    private uint Send(ushort port, FlowState flow, bool opens)
    {
        if (_generation!.Table.Slots.IsEmpty)
        {
            return 0;
        }

        Slot slot = _generation.Table.Slots[flow.Slot];
        Tracking tracking = _state.Config.Tracking;
        if (tracking == Tracking.None || (slot.IsClean && tracking == Tracking.Minimal))
        {
            return slot.Current;
        }

        bool isKnown = _entries.TryGetValue(port, out (uint Backend, int Slot, long Seen) entry);
        if (isKnown && IsAlive(entry.Backend))
        {
            return Remember(port, flow, entry.Backend);
        }

        if (Resets && !opens && (isKnown || (!slot.IsClean && !slot.WindowOver && !IsAlive(slot.Previous))))
        {
            return Told;
        }

        if (slot.IsClean || (opens && !_udp))
        {
            return Remember(port, flow, slot.Current);
        }

        if (_udp && slot.WindowOver)
        {
            return slot.Current;
        }

        return Remember(port, flow, IsAlive(slot.Previous) ? slot.Previous : slot.Current);
    }

    private uint Remember(ushort port, FlowState flow, uint backend)
    {
        if (backend != 0)
        {
            _entries[port] = (backend, flow.Slot, _now);
        }

        return backend;
    }

    private FlowRecord Record(KeyValuePair<ushort, (uint Backend, int Slot, long Seen)> entry) => new(
        new Flow(IPAddress.Loopback, entry.Key, Configs.Vip.Address, 80, TransportProtocol.Tcp),
        entry.Value.Backend,
        0,
        (uint)entry.Value.Slot,
        TimeSpan.FromTicks(_now - entry.Value.Seen),
        Pending: false);

    private bool IsAlive(uint id) => _generation!.Desired.Backends.Any(backend => backend.Id == id && backend.Alive);

    private sealed record FlowState(int Slot)
    {
        public uint Backend { get; init; }

        public long Last { get; init; }
    }
}
