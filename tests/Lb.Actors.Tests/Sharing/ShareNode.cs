using System.Collections.Immutable;
using System.Net;
using Lb.Kernel;

namespace Lb.Actors.Tests.Sharing;

/// <summary>A node of a <see cref="ShareWorld"/>: the product's rules around a model of the kernel's slot rule.</summary>
internal sealed class ShareNode
{
    private readonly ShareWorld _world;
    private readonly Dictionary<ushort, (uint Backend, long Seen)> _entries;
    private readonly SharedTable _shared = new();
    private readonly List<SharedFlow> _news = [];
    private ServiceState _state;
    private Generation _generation;
    private readonly List<string> _story = [];

    /// <summary>Begins a life, with what the kernel has of the life before.</summary>
    public ShareNode(ShareWorld world, string address, long life, ServiceConfig config, ShareNode? before)
    {
        _world = world;
        Address = address;
        Life = life;
        Book = new ShareBook(address, 1);
        _entries = before?._entries ?? [];
        _state = ServiceState.Start(config);
        Generation? held = null;
        if (before is not null)
        {
            _state = _state.Apply(_state.Decide(new ServiceCommand.Adopt(before._generation.Desired.Backends)));
            held = Generation.Adopt(_state, before._generation.Desired, world.Ticks);
            Dictionary<uint, uint> ids = before._generation.Desired.Backends.ToDictionary(
                b => b.Id, b => _state.Members.TryGetValue(b.Socket, out PoolMember? member) ? member.Id : 0);
            foreach ((ushort port, (uint backend, long seen)) in _entries.ToArray())
            {
                _entries[port] = (ids.GetValueOrDefault(backend), seen);
            }
        }

        _state = _state.Apply(_state.Decide(new ServiceCommand.Configure(config)));
        foreach (Endpoint socket in _state.Members.Keys.ToArray())
        {
            _state = _state.Apply(_state.Decide(new ServiceCommand.Judge(socket, world.IsUp(socket) ? HealthVerdict.Up : HealthVerdict.Down)));
        }

        _generation = Generation.Next(held, _state, world.Ticks);
        Book.TellAgain(Service, world.Ticks);
    }

    public static ulong Service { get; } = VoteHash.Of(Configs.Vip);

    public string Address { get; }

    public long Life { get; }

    public ShareBook Book { get; }

    public bool IsDead { get; set; }

    public string Digest => _generation.Digest;

    public int Moved => _generation.Table.Moved;

    public int Entries => _entries.Count;

    /// <summary>The configuration or a verdict is another.</summary>
    public void Follow(ServiceCommand command)
    {
        _state = _state.Apply(_state.Decide(command));
        Generation next = Generation.Next(_generation, _state, _world.Ticks);
        if (next != _generation)
        {
            Become(next, $"{command}");
            Say();
        }
    }

    /// <summary>A packet comes; says which backend gets it, as all nodes name it.</summary>
    public ulong Send(ushort port, bool opens, out bool isNews)
    {
        isNews = false;
        if (_generation.Table.Slots.IsEmpty)
        {
            return 0;
        }

        Slot slot = _generation.Table.Slots[SlotOf(port)];
        if (slot.IsClean)
        {
            return Name(slot.Current);
        }

        if (_entries.TryGetValue(port, out (uint Backend, long Seen) entry) && IsAlive(entry.Backend))
        {
            _entries[port] = (entry.Backend, _world.Ticks);
            return Name(entry.Backend);
        }

        uint backend = opens || slot.WindowOver || !IsAlive(slot.Previous) ? slot.Current : slot.Previous;
        _entries[port] = (backend, _world.Ticks);
        _news.Add(new SharedFlow(Service, Name(backend), IPAddress.Loopback, port, TimeSpan.Zero, opens));
        isNews = true;
        return Name(backend);
    }

    /// <summary>The kernel's news are read.</summary>
    public void TellNews()
    {
        if (_news.Count > 0)
        {
            Book.OnNews([.. _news], _world.Ticks);
            _news.Clear();
        }
    }

    public void Sweep()
    {
        SlotLimits? limits = _shared.Limits(_generation, ShareWorld.Memory, _world.Ticks);
        SweepResult result = SweepPlan.Plan(
            _generation, [.. _entries.Select(Record)], ShareWorld.Memory, _world.Ticks, limits);
        _shared.Swept(_generation, result);
        Say();
        foreach (Flow flow in result.Stale)
        {
            _entries.Remove(flow.SourcePort);
        }

        if (!result.Clean.IsEmpty || !result.WindowOver.IsEmpty)
        {
            Become(_generation.Settle(result.Clean, result.WindowOver), "sweep");
            Say();
        }
    }

    /// <summary>Entries of another node are written.</summary>
    public void Write(ImmutableArray<SharedFlow> entries)
    {
        foreach (SharedFlow entry in entries)
        {
            uint backend = _generation.Desired.Backends.FirstOrDefault(b => VoteHash.Of(b.Socket) == entry.Backend)?.Id ?? 0;
            if (backend != 0 && (entry.Opened || !_entries.ContainsKey(entry.Port)))
            {
                _entries[entry.Port] = (backend, _world.Ticks - entry.Idle.Ticks);
            }
        }
    }

    /// <summary>What another node is to have.</summary>
    public IReadOnlyCollection<SharedFlow> Read() =>
    [
        .. _entries
            .Where(entry => Name(entry.Value.Backend) != 0 && !_generation.Table.Slots.IsEmpty && !_generation.Table.Slots[SlotOf(entry.Key)].IsClean)
            .Select(entry => new SharedFlow(
                Service,
                Name(entry.Value.Backend),
                IPAddress.Loopback,
                entry.Key,
                TimeSpan.FromTicks(_world.Ticks - entry.Value.Seen),
                Opened: false)),
    ];

    public void Hear(PeerSlots slots)
    {
        _shared.Hear(slots);
        Say();
    }

    public Slot SlotAt(int number) => _generation.Table.Slots[number];

    /// <summary>What is known of a flow, for who looks for a fault.</summary>
    public string Tell(ushort port)
    {
        Slot slot = _generation.Table.Slots.IsEmpty ? default : _generation.Table.Slots[SlotOf(port)];
        string entry = _entries.TryGetValue(port, out (uint Backend, long Seen) known)
            ? $"entry {Number(known.Backend)} of {(_world.Ticks - known.Seen) / TimeSpan.TicksPerMillisecond} ms ago"
            : "no entry";
        return $"{Address}{(IsDead ? " (dead)" : "")}: slot {SlotOf(port)} is {Number(slot.Current)}"
            + (slot.IsClean ? "" : $" from {Number(slot.Previous)}{(slot.WindowOver ? ", over" : "")}") + $", {entry}"
            + string.Concat(_story.Where(line => line.Contains($"slot {SlotOf(port)}:", StringComparison.Ordinal)).TakeLast(8).Select(line => $"\n    {line}"));
    }

    private string Number(uint backend) => _generation.Desired.Backends.FirstOrDefault(b => b.Id == backend)?.Socket.ToString() ?? "none";

    private void Say()
    {
        ImmutableArray<SlotChange> changes = _shared.Adopt(_generation, _world.Ticks);
        if (!changes.IsEmpty)
        {
            Become(_generation.Take(changes), $"others, {(_shared.View.IsJoining ? "joining" : "established")}");
        }

        Book.OnReport(_shared.ReportOn(_generation, ShareWorld.Memory, _world.Ticks), _shared.Joined, _world.Ticks);
    }

    private void Become(Generation next, string why)
    {
        for (int i = 0; i < next.Table.Slots.Length; i++)
        {
            if (_generation.Table.Slots.Length != next.Table.Slots.Length || _generation.Table.Slots[i] != next.Table.Slots[i])
            {
                Slot slot = next.Table.Slots[i];
                _story.Add($"{_world.Now} ms: slot {i}: {slot.Current} from {slot.Previous}{(slot.WindowOver ? ", over" : "")}: {why}");
            }
        }

        _generation = next;
    }

    private int SlotOf(ushort port) => port % Math.Max(_generation.Table.Slots.Length, 1);

    private ulong Name(uint backend) =>
        _generation.Desired.Backends.FirstOrDefault(b => b.Id == backend) is { } known ? VoteHash.Of(known.Socket) : 0;

    private bool IsAlive(uint backend) => _generation.Desired.Backends.Any(b => b.Id == backend && b.Alive);

    private FlowRecord Record(KeyValuePair<ushort, (uint Backend, long Seen)> entry) => new(
        new Flow(IPAddress.Loopback, entry.Key, Configs.Vip.Address, 80, TransportProtocol.Tcp),
        entry.Value.Backend,
        0,
        (uint)SlotOf(entry.Key),
        TimeSpan.FromTicks(_world.Ticks - entry.Value.Seen),
        Pending: false);
}
