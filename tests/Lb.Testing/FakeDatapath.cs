using System.Net;
using System.Net.Sockets;
using Lb.Kernel;

namespace Lb.Testing;

/// <summary>
/// The kernel's forwarding state in memory. It refuses what would leave a packet with a dangling name: an order of
/// writes that is not safe fails the test that made it.
/// </summary>
public sealed partial class FakeDatapath : IDatapath
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Endpoint, ServiceEntry> _services = [];
    private readonly Dictionary<uint, BackendEntry> _backends = [];
    private readonly Dictionary<uint, Slot[]> _tables = [];
    private readonly Dictionary<Flow, FlowRecord> _flows = [];
    private readonly List<string> _writes = [];
    private readonly HashSet<IPAddress> _vips = [];
    private readonly List<SetupFault> _faults = [];
    private HashSet<IPNetwork> _direct = [];
    private HashSet<Intercept> _intercepted = [];
    private HashSet<FullNatSource> _sources = [];
    private readonly Dictionary<ServerIdKey, uint> _serverIds = [];
    private HashSet<Endpoint> _ranges = [];
    private int _logSample;
    private bool _shared;
    private Func<string, Exception?>? _fault;

    public int ServiceLimit { get; init; } = 64;

    public int BackendLimit { get; set; } = 1024;

    /// <summary>What the node reads of flows.</summary>
    public FakeFlowLog FlowLog { get; } = new();

    public IReadOnlyList<Attachment> Attachments { get; } = [new("eth0", 2, AttachedXdp.Native, null)];

    public string? WhyNotXdp { get; set; }

    /// <summary>What packets are to be spread over.</summary>
    public SpreadWish Spread { get; private set; } = SpreadWish.None;

    public SpreadUse? ReadSpread() => Spread.IsNone ? null : new SpreadUse(Spread, []);

    public void WriteSpread(SpreadWish wish) => Write(nameof(WriteSpread), () => Spread = wish);

    /// <summary>Every write so far, by the name of its call.</summary>
    public IReadOnlyList<string> Writes
    {
        get
        {
            lock (_lock)
            {
                return [.. _writes];
            }
        }
    }

    /// <summary>Makes calls fail for which the function gives an exception, by the name of the call.</summary>
    public void Fail(Func<string, Exception?>? fault)
    {
        lock (_lock)
        {
            _fault = fault;
        }
    }

    /// <summary>Makes every call fail as the kernel does.</summary>
    public void FailAll() => Fail(call => new KernelException(call, 12, "ENOMEM"));

    public void AddFlow(FlowRecord flow)
    {
        lock (_lock)
        {
            _flows[flow.Flow] = flow;
        }
    }

    /// <summary>Changes a slot behind the bridge's back.</summary>
    public void Corrupt(uint table, int slot, Slot value)
    {
        lock (_lock)
        {
            _tables[table][slot] = value;
        }
    }

    public IReadOnlyDictionary<Endpoint, ServiceEntry> ReadServices() =>
        Read(nameof(ReadServices), () => new Dictionary<Endpoint, ServiceEntry>(_services));

    public void WriteService(Endpoint vip, ServiceEntry service) => Write(nameof(WriteService), () =>
    {
        if (service.Slots > 0)
        {
            Require(_tables.TryGetValue(service.Table, out Slot[]? table), $"service {vip} names no table");
            Require(table!.Length == service.Slots, $"service {vip} has {service.Slots} slots, its table {table.Length}");
        }

        _services[vip] = service;
        if (!vip.IsRange)
        {
            _vips.Add(vip.Address);
        }
    });

    public void DeleteService(Endpoint vip) => Write(nameof(DeleteService), () =>
    {
        Require(!_ranges.Contains(vip), $"packets still find service {vip}");
        _services.Remove(vip);
        if (!_services.Keys.Any(other => !other.IsRange && other.Address.Equals(vip.Address)))
        {
            _vips.Remove(vip.Address);
        }
    });

    public IReadOnlySet<Endpoint> ReadRanges() => Read(nameof(ReadRanges), () => _ranges.ToHashSet());

    public void WriteRanges(IReadOnlySet<Endpoint> services) => Write(nameof(WriteRanges), () =>
    {
        foreach (Endpoint service in services)
        {
            Require(_services.ContainsKey(service), $"packets are to find service {service}, which is not there");
        }

        _ranges = [.. services];
    });

    public IReadOnlySet<IPAddress> ReadVips() => Read(nameof(ReadVips), () => _vips.ToHashSet());

    public void WriteVip(IPAddress address) => Write(nameof(WriteVip), () => _vips.Add(address));

    public void DeleteVip(IPAddress address) => Write(nameof(DeleteVip), () => _vips.Remove(address));

    public FlowSample SampleFlows(uint? service, int limit) => Read(nameof(SampleFlows), () =>
    {
        FlowRecord[] matching = [.. _flows.Values.Where(flow => service is null || flow.Service == service)];
        return new FlowSample(
            _flows.Count, matching.Length, matching.Count(flow => flow.Pending), [.. matching.Take(limit)]);
    });

    public FlowTrace TraceFlow(Flow flow) => Read(nameof(TraceFlow), () =>
    {
        bool isVip = _vips.Contains(flow.Vip) || _ranges.Any(range => range.Covers(flow.Vip));
        NatEntry? reply = ReplyOf(flow);
        Endpoint destination = new(flow.Vip, flow.VipPort, flow.Protocol);
        Endpoint vip = _services.ContainsKey(destination) ? destination
            : RangeRule.Find(_ranges, flow.Vip, flow.VipPort, flow.Protocol) ?? destination;
        if (!_services.TryGetValue(vip, out ServiceEntry? service))
        {
            return new FlowTrace(
                flow, isVip, null, 0, 0, null, null, null, reply, new Dictionary<uint, BackendEntry>());
        }

        uint hash = service.Hashing.Of(flow);
        uint number = FlowHash.Slot(hash, service.Slots);
        Slot? slot = _tables.TryGetValue(service.Table, out Slot[]? slots) && number < slots.Length ? slots[number] : null;
        FlowRecord? entry = _flows.TryGetValue(flow, out FlowRecord found) ? found : null;
        FlowRecord? established = entry is { Pending: false } ? entry : null;
        FlowRecord? pending = entry is { Pending: true } ? entry : null;
        return new FlowTrace(
            flow, isVip, service, hash, number, slot, established, pending, reply,
            FlowTrace.Named(slot, established, pending)
                .Where(_backends.ContainsKey)
                .ToDictionary(index => index, index => _backends[index]))
        {
            ServiceVip = vip,
        };
    });

    public IReadOnlySet<FullNatSource> ReadFullNatSources() => Read(nameof(ReadFullNatSources), () => _sources.ToHashSet());

    public void WriteFullNatSources(IReadOnlySet<FullNatSource> sources) =>
        Write(nameof(WriteFullNatSources), () => _sources = [.. sources]);

    public FullNatSweep SweepFullNat(Func<FullNatFlow, bool> isOver) => Read(nameof(SweepFullNat), () =>
    {
        FlowRecord[] flows = [.. _flows.Values.Where(flow => flow.SentFrom is not null)];
        FlowRecord[] over = [.. flows.Where(flow => isOver(new FullNatFlow(
            flow.Service, flow.Backend, flow.Flow.Protocol, flow.Pending, FullNatState.Open, flow.Idle)))];
        foreach (FlowRecord flow in over)
        {
            _flows.Remove(flow.Flow);
        }

        FlowRecord[] left = [.. flows.Except(over)];
        return new FullNatSweep(
            left.Length,
            left.Count(flow => flow.Pending),
            over.Length,
            left.GroupBy(flow => flow.Backend).ToDictionary(flows => flows.Key, flows => flows.Count()));
    });

    public IReadOnlyList<MapUse> ReadMaps() => Read<IReadOnlyList<MapUse>>(nameof(ReadMaps), () =>
        [new MapUse("lb_backends", "array", 4, 72, BackendLimit, _backends.Count, 72L * BackendLimit, null)]);

    public IReadOnlyList<SetupFault> CheckSetup() => Read(nameof(CheckSetup), () => _faults.ToList());

    public void MendSetup(SetupFault fault) => Write(nameof(MendSetup), () => _faults.Remove(fault));

    /// <summary>Breaks something that is no entry of a map.</summary>
    public void Break(SetupFault fault)
    {
        lock (_lock)
        {
            _faults.Add(fault);
        }
    }

    public IReadOnlyDictionary<uint, BackendEntry> ReadBackends() =>
        Read(nameof(ReadBackends), () => new Dictionary<uint, BackendEntry>(_backends));

    public void WriteBackend(uint index, BackendEntry backend) => Write(nameof(WriteBackend), () =>
    {
        Require(index > 0 && index < BackendLimit, $"backend index {index} out of range");
        Require(
            !_serverIds.ContainsValue(index)
                || (_backends.TryGetValue(index, out BackendEntry? known)
                    && (known.Service, known.Address, known.Port).Equals((backend.Service, backend.Address, backend.Port))),
            $"a server ID names backend {index}, which becomes another");
        _backends[index] = backend;
    });

    public void DeleteBackend(uint index) => Write(nameof(DeleteBackend), () =>
    {
        Require(
            !_tables.Values.Any(table => table.Any(slot => slot.Current == index || slot.Previous == index)),
            $"a slot names backend {index}");
        Require(!_flows.Values.Any(flow => flow.Backend == index), $"a flow names backend {index}");
        Require(!_serverIds.ContainsValue(index), $"a server ID names backend {index}");
        _backends.Remove(index);
    });

    public IReadOnlyDictionary<ServerIdKey, uint> ReadServerIds() =>
        Read(nameof(ReadServerIds), () => new Dictionary<ServerIdKey, uint>(_serverIds));

    public void WriteServerId(ServerIdKey id, uint backend) => Write(nameof(WriteServerId), () =>
    {
        Require(
            _backends.TryGetValue(backend, out BackendEntry? named) && named.Service == id.Service,
            $"server ID {id.Id} names backend {backend}, which is not one of service {id.Service}");
        _serverIds[id] = backend;
    });

    public void DeleteServerId(ServerIdKey id) => Write(nameof(DeleteServerId), () => _serverIds.Remove(id));

    public Slot[]? ReadTable(uint table, Slot[]? expected = null) => Read(
        nameof(ReadTable),
        () => !_tables.TryGetValue(table, out Slot[]? slots) ? null
            : expected is not null && slots.AsSpan().SequenceEqual(expected) ? expected
            : slots.ToArray());

    public void SwapTable(uint table, ReadOnlySpan<Slot> slots)
    {
        Slot[] copy = slots.ToArray();
        Write(nameof(SwapTable), () =>
        {
            RequireBackends(copy);
            Require(_services.Values.Count(service => service.Table == table) <= 1, $"two services name table {table}");
            _tables[table] = copy;
            foreach ((Endpoint vip, ServiceEntry service) in _services.Where(s => s.Value.Table == table).ToArray())
            {
                _services[vip] = service with { Slots = (uint)copy.Length };
            }
        });
    }

    public void WriteSlots(uint table, IReadOnlyCollection<KeyValuePair<int, Slot>> slots) =>
        Write(nameof(WriteSlots), () =>
        {
            Require(_tables.ContainsKey(table), $"no table {table}");
            RequireBackends(slots.Select(slot => slot.Value));
            foreach ((int index, Slot slot) in slots)
            {
                _tables[table][index] = slot;
            }
        });

    public void DeleteTable(uint table) => Write(nameof(DeleteTable), () =>
    {
        Require(!_services.Values.Any(s => s.Slots > 0 && s.Table == table), $"a service names table {table}");
        _tables.Remove(table);
    });

    public IReadOnlySet<IPNetwork> ReadDirect() => Read(nameof(ReadDirect), () => _direct.ToHashSet());

    public void WriteDirect(IReadOnlySet<IPNetwork> prefixes) =>
        Write(nameof(WriteDirect), () => _direct = [.. prefixes]);

    public InterceptionChoice ChooseInterception(InterceptWish wish) => new(
        wish.Wanted == InterceptBy.Auto ? InterceptBy.Tproxy : wish.Wanted, "it is what is there");

    public IReadOnlySet<Intercept> ReadIntercepted() => Read(nameof(ReadIntercepted), () => _intercepted.ToHashSet());

    public void WriteIntercepted(IReadOnlySet<Intercept> services) =>
        Write(nameof(WriteIntercepted), () => _intercepted = [.. services]);

    public int ReadLogSample() => Read(nameof(ReadLogSample), () => _logSample);

    public void WriteLogSample(int oneIn) => Write(nameof(WriteLogSample), () => _logSample = oneIn);

    public FlowLogCounts ReadLogCounts() => Read(nameof(ReadLogCounts), () => FlowLog.ReadCounts());

    public IFlowLog OpenFlowLog() => FlowLog;

    /// <summary>What the node reads of entries that are made.</summary>
    public FakeFlowNews FlowNews { get; } = new();

    public bool ReadShared() => Read(nameof(ReadShared), () => _shared);

    public void WriteShared(bool shared) => Write(nameof(WriteShared), () => _shared = shared);

    public IFlowNews OpenFlowNews() => FlowNews;

    public int WriteFlows(IReadOnlyCollection<FlowCopy> flows)
    {
        int written = 0;
        Write(nameof(WriteFlows), () =>
        {
            foreach (FlowCopy flow in flows.Where(flow => flow.Replaces || !_flows.ContainsKey(flow.Flow)))
            {
                _flows[flow.Flow] = new FlowRecord(flow.Flow, flow.Backend, flow.Service, flow.Slot, flow.Idle, Pending: false);
                written++;
            }
        });
        return written;
    }

    /// <summary>Established flows of IPv4 that the kernel is to have evicted.</summary>
    public long Evicted { get; set; }

    public IReadOnlyList<FlowTableUse> CountFlows() => Read(nameof(CountFlows), () => (FlowTableUse[])
    [
        new(AddressFamily.InterNetwork, FlowTableKind.Established, _flows.Count, 1024, Evicted),
    ]);

    public IReadOnlyList<FlowRecord> ReadFlows() => Read(nameof(ReadFlows), () => _flows.Values.ToList());

    public int DeleteFlows(IReadOnlyCollection<Flow> flows)
    {
        int deleted = 0;
        Write(nameof(DeleteFlows), () => deleted = flows.Count(flow => _flows.Remove(flow)));
        return deleted;
    }

    public IReadOnlyDictionary<Verdict, Counter> ReadVerdicts() =>
        Read(nameof(ReadVerdicts), () => new Dictionary<Verdict, Counter>());

    public void Dispose()
    {
    }

    private T Read<T>(string call, Func<T> read)
    {
        lock (_lock)
        {
            return _fault?.Invoke(call) is { } fault ? throw fault : read();
        }
    }

    private void Write(string call, Action write)
    {
        lock (_lock)
        {
            if (_fault?.Invoke(call) is { } fault)
            {
                throw fault;
            }

            write();
            _writes.Add(call);
        }
    }

    private void RequireBackends(IEnumerable<Slot> slots)
    {
        HashSet<uint> named = [.. slots.SelectMany(slot => new[] { slot.Current, slot.Previous })];
        named.Remove(0);
        named.ExceptWith(_backends.Keys);
        Require(named.Count == 0, $"slots name backends that are not there: {string.Join(", ", named)}");
    }

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"Unsafe write: {otherwise}.");
        }
    }
}
