using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Lb.Kernel.Datapath;
using Lb.Kernel.Handles;
using Lb.Kernel.Interop;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;
using Lb.Kernel.Programs;

namespace Lb.Kernel;

/// <summary>The data plane in the kernel: the program with its maps, not necessarily attached.</summary>
public partial class LoadedDatapath : IDatapath
{
    private readonly Stack<IDisposable> _parts = new();
    private readonly NodeMap _node;
    private readonly ServiceMaps _services;
    private readonly RangeMaps _ranges;
    private readonly EpochMap _epoch;
    private readonly AffinityMap _affinity;
    private readonly QuicMaps _quic;
    private readonly TableMaps _tables;
    private readonly BackendMap _backends;
    private readonly NatMaps _nat;
    private readonly DirectMaps _direct;
    private readonly FlowMaps _flows;
    private readonly ClientMaps _clients;
    private readonly SourceMap _sources;
    private readonly CounterMaps _counters;
    private readonly FlowTracer _tracer;
    private readonly FlowLogMaps _log;
    private readonly FlowNewsMaps _news;
    private readonly Dictionary<string, Descriptor> _maps = [];
    private uint _insertsPerTick;
    private readonly FlowCountMaps _flowCounts;
    private bool _shared;

    /// <summary>Takes program and maps of an object that is loaded.</summary>
    /// <param name="opened">The object.</param>
    /// <param name="pins">Where tables are pinned; null when nothing is to outlive the process.</param>
    internal LoadedDatapath(BpfObject opened, SitePins? pins = null)
    {
        try
        {
            Program = Own(new XdpProgram(EmbeddedObject.Xdp, opened.TakeProgram(EmbeddedObject.Xdp)));
            _node = Own(new NodeMap(new(MapNames.Node, opened.TakeMap(MapNames.Node))));
            _epoch = Own(new EpochMap(new(MapNames.Epoch, opened.TakeMap(MapNames.Epoch))));
            var numbers = Own(new RangeNumbers(new(MapNames.Ranges, opened.TakeMap(MapNames.Ranges)), "kernel.max-services"));
            _services = Own(new ServiceMaps(Endpoints<ServiceValue>(opened, MapNames.Vips4, MapNames.Vips6, numbers), _epoch));
            _ranges = Own(new RangeMaps(
                new(MapNames.Prefixes4, opened.TakeMap(MapNames.Prefixes4)),
                new(MapNames.Prefixes6, opened.TakeMap(MapNames.Prefixes6)),
                new(MapNames.Ports, opened.TakeMap(MapNames.Ports)),
                numbers,
                new RangeFlags(_node, NodeFlags.Ranges4, NodeFlags.Ranges6),
                _epoch));
            _ranges.Adopt(_services.Known.Keys.Where(vip => vip.IsRange).ToHashSet());
            _affinity = Own(new AffinityMap(
                new(MapNames.Affinity, opened.TakeMap(MapNames.Affinity)), new(MapNames.Sticky, opened.TakeMap(MapNames.Sticky))));
            _quic = Own(new QuicMaps(
                new(MapNames.Quic, opened.TakeMap(MapNames.Quic)), new(MapNames.ServerIds, opened.TakeMap(MapNames.ServerIds))));
            _tables = Own(new TableMaps(new(MapNames.Tables, opened.TakeMap(MapNames.Tables)), _services, new InnerTables(pins)));
            _backends = Own(new BackendMap(new(MapNames.Backends, opened.TakeMap(MapNames.Backends))));
            var natNumbers = Own(new RangeNumbers(
                new(MapNames.NatRanges, opened.TakeMap(MapNames.NatRanges)), "kernel.max-backends"));
            _nat = Own(new NatMaps(
                Endpoints<NatValue>(opened, MapNames.Nat4, MapNames.Nat6, natNumbers),
                new RangeMaps(
                    new(MapNames.NatHosts4, opened.TakeMap(MapNames.NatHosts4)),
                    new(MapNames.NatHosts6, opened.TakeMap(MapNames.NatHosts6)),
                    new(MapNames.NatPorts, opened.TakeMap(MapNames.NatPorts)),
                    natNumbers,
                    new RangeFlags(_node, NodeFlags.NatRanges4, NodeFlags.NatRanges6)),
                _node));
            _direct = Own(new DirectMaps(
                new(MapNames.Direct4, opened.TakeMap(MapNames.Direct4)),
                new(MapNames.Direct6, opened.TakeMap(MapNames.Direct6))));
            _flows = Own(new FlowMaps(
                Flows<FlowKey4>(opened, MapNames.Flows4, pending: false),
                Flows<FlowKey4>(opened, MapNames.Pending4, pending: true),
                Flows<FlowKey6>(opened, MapNames.Flows6, pending: false),
                Flows<FlowKey6>(opened, MapNames.Pending6, pending: true),
                new FullMaps(Full(opened, MapNames.Full), Full(opened, MapNames.FullNew))));
            _clients = Own(new ClientMaps(Clients<ClientKey4>(opened, MapNames.Clients4), Clients<ClientKey6>(opened, MapNames.Clients6)));
            _sources = Own(new SourceMap(new(MapNames.Sources, opened.TakeMap(MapNames.Sources)), _node));
            _flowCounts = Own(new FlowCountMaps(
                new(MapNames.FlowCounts, opened.TakeMap(MapNames.FlowCounts)), [.. _flows.Numbered, .. _clients.Numbered]));
            _counters = Own(new CounterMaps(
                new(MapNames.ServiceStats, opened.TakeMap(MapNames.ServiceStats)),
                new(MapNames.BackendStats, opened.TakeMap(MapNames.BackendStats)),
                new(MapNames.Verdicts, opened.TakeMap(MapNames.Verdicts))));
            _log = Own(new FlowLogMaps(opened.TakeMap(MapNames.FlowLog), opened.TakeMap(MapNames.LogCounts)));
            _news = Own(new FlowNewsMaps(opened.TakeMap(MapNames.FlowNews), opened.TakeMap(MapNames.NewsCounts)));
            _shared = _node.Has(NodeFlags.Shared);
            _tracer = new FlowTracer(_services, _ranges, _affinity, _quic, _tables, _backends, _nat, _flows, _clients, _node);
            foreach (string name in opened.Maps.Keys)
            {
                _maps.Add(name, Own(opened.TakeMap(name)));
            }
        }
        catch
        {
            DisposeParts();
            throw;
        }
    }

    /// <summary>The program.</summary>
    public XdpProgram Program { get; }

    /// <inheritdoc/>
    public int ServiceLimit => _counters.ServiceCapacity;

    /// <inheritdoc/>
    public int BackendLimit => _backends.Capacity;

    /// <inheritdoc/>
    public virtual IReadOnlyList<Attachment> Attachments => [];

    /// <inheritdoc/>
    public virtual string? WhyNotXdp => null;

    /// <inheritdoc/>
    public IReadOnlyDictionary<Endpoint, ServiceEntry> ReadServices() =>
        _services.Read().ToDictionary(
            service => service.Key,
            service => _quic.Complete(_affinity.Complete(TableMaps.ToEntry(service.Value), service.Value), service.Value));

    /// <inheritdoc/>
    public IReadOnlySet<Endpoint> ReadRanges() => _ranges.Read();

    /// <inheritdoc/>
    public void WriteRanges(IReadOnlySet<Endpoint> services) => _ranges.Write(services);

    /// <inheritdoc/>
    public IReadOnlySet<IPAddress> ReadVips() => _services.ReadMarks();

    /// <inheritdoc/>
    public void WriteVip(IPAddress address) => _services.Mark(address);

    /// <inheritdoc/>
    public void DeleteVip(IPAddress address) => _services.Unmark(address);

    /// <inheritdoc/>
    public IReadOnlyDictionary<uint, BackendEntry> ReadBackends() => _backends.Read();

    /// <inheritdoc/>
    public void WriteBackend(uint index, BackendEntry backend)
    {
        ArgumentNullException.ThrowIfNull(backend);
        RequireTc(backend.ByTc);
        _backends.Write(index, backend);
    }

    /// <inheritdoc/>
    public void DeleteBackend(uint index) => _backends.Delete(index);

    /// <inheritdoc/>
    public Slot[]? ReadTable(uint table, Slot[]? expected = null) => _tables.Read(table, expected);

    /// <inheritdoc/>
    public void SwapTable(uint table, ReadOnlySpan<Slot> slots) => _tables.Swap(table, slots);

    /// <inheritdoc/>
    public void WriteSlots(uint table, IReadOnlyCollection<KeyValuePair<int, Slot>> slots) =>
        _tables.Write(table, slots);

    /// <inheritdoc/>
    public void DeleteTable(uint table) => _tables.Delete(table);


    /// <inheritdoc/>
    public IReadOnlySet<IPNetwork> ReadDirect() => _direct.Read();

    /// <inheritdoc/>
    public void WriteDirect(IReadOnlySet<IPNetwork> prefixes) => _direct.Write(prefixes);

    /// <inheritdoc/>
    public IReadOnlySet<FullNatSource> ReadFullNatSources() => _sources.Read();

    /// <inheritdoc/>
    public void WriteFullNatSources(IReadOnlySet<FullNatSource> sources) => _sources.Write(sources);

    /// <inheritdoc/>
    public FullNatSweep SweepFullNat(Func<FullNatFlow, bool> isOver) => _flows.SweepFull(isOver);

    /// <inheritdoc/>
    public virtual InterceptionChoice ChooseInterception(InterceptWish wish) =>
        throw new NotSupportedException("A program that is not attached intercepts nothing.");

    /// <inheritdoc/>
    public virtual IReadOnlySet<Intercept> ReadIntercepted() => new HashSet<Intercept>();

    /// <inheritdoc/>
    public virtual void WriteIntercepted(IReadOnlySet<Intercept> services) =>
        throw new NotSupportedException("A program that is not attached intercepts nothing.");

    /// <inheritdoc/>
    public int ReadLogSample() => (int)_node.Sample;

    /// <inheritdoc/>
    public void WriteLogSample(int oneIn) => _node.Sample = (uint)oneIn;

    /// <inheritdoc/>
    public FlowLogCounts ReadLogCounts() => _log.ReadCounts();

    /// <inheritdoc/>
    public IFlowLog OpenFlowLog() => _log.OpenReader();

    /// <inheritdoc/>
    public bool ReadShared() => _node.Has(NodeFlags.Shared);

    /// <inheritdoc/>
    public void WriteShared(bool shared)
    {
        _node.SetFlag(NodeFlags.Shared, shared);
        _shared = shared;
    }

    /// <inheritdoc/>
    public IFlowNews OpenFlowNews() => _news.OpenReader();

    /// <inheritdoc/>
    public IReadOnlyList<FlowTableUse> CountFlows() => _flowCounts.Read();

    /// <inheritdoc/>
    public IReadOnlyList<FlowRecord> ReadFlows() => _flows.Read();

    /// <inheritdoc/>
    public FlowSample SampleFlows(uint? service, int limit) => _flows.Sample(service, limit);

    /// <inheritdoc/>
    public FlowTrace TraceFlow(Flow flow) => _tracer.Trace(flow);

    /// <inheritdoc/>
    public int DeleteFlows(IReadOnlyCollection<Flow> flows) => _flows.Delete(flows);

    /// <inheritdoc/>
    public Traffic ReadServiceTraffic(uint service) => _counters.ReadService(service);

    /// <inheritdoc/>
    public Traffic ReadBackendTraffic(uint backend) => _counters.ReadBackend(backend);

    /// <inheritdoc/>
    public IReadOnlyList<Traffic> ReadServiceTrafficBelow(uint service) => _counters.ReadServicesBelow(service);

    /// <inheritdoc/>
    public IReadOnlyList<Traffic> ReadBackendTrafficBelow(uint backend) => _counters.ReadBackendsBelow(backend);

    /// <inheritdoc/>
    public void ResetServiceTraffic(uint service) => _counters.ResetService(service);

    /// <inheritdoc/>
    public void ResetBackendTraffic(uint backend) => _counters.ResetBackend(backend);

    /// <inheritdoc/>
    public IReadOnlyDictionary<Verdict, Counter> ReadVerdicts() => _counters.ReadVerdicts();

    /// <inheritdoc/>
    public IReadOnlyList<MapUse> ReadMaps() =>
    [
        .. _maps.OrderBy(map => map.Key, StringComparer.Ordinal).Select(map => Describe(map.Key, map.Value)),
        TableUse(),
    ];

    /// <inheritdoc/>
    public virtual IReadOnlyList<SetupFault> CheckSetup() => _node.Holds(NodeValue)
        ? []
        : [new SetupFault(SetupPart.NodeEntry, MapNames.Node, "the node's entry is not what was written")];

    /// <inheritdoc/>
    public virtual void MendSetup(SetupFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        switch (fault.Part)
        {
            case SetupPart.NodeEntry:
                _node.Write(NodeValue);
                _epoch.Raise();
                break;
            case SetupPart.TablePin:
                _tables.MendPin(uint.Parse(fault.Name, CultureInfo.InvariantCulture));
                break;
            case SetupPart.StrayPin:
                _tables.RemoveStray(uint.Parse(fault.Name, CultureInfo.InvariantCulture));
                break;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Marks the maps as of this version, which is what lets a later start adopt them.</summary>
    internal void Sign(uint insertsPerTick)
    {
        _insertsPerTick = insertsPerTick;
        _node.Sign(insertsPerTick);
    }

    /// <summary>All maps by name, those too that only the program uses.</summary>
    internal IReadOnlyDictionary<string, Descriptor> Maps => _maps;

    /// <summary>What is wrong with the pins of tables.</summary>
    private protected IEnumerable<SetupFault> CheckTables() => _tables.CheckPins();

    /// <summary>Where a map is pinned; null where it is not.</summary>
    private protected virtual string? PinOf(string map) => null;

    /// <summary>What the node's entry is to be.</summary>
    private NodeValue NodeValue =>
        new()
        {
            Layout = LayoutConstant.Version,
            Flags = _nat.Flags | _sources.Flags | _ranges.Flags | _services.Flags | (_shared ? NodeFlags.Shared : NodeFlags.None),
            Inserts = _insertsPerTick,
        };

    private MapUse Describe(string name, Descriptor map)
    {
        MapInfo info = BpfMap.Describe(map, name);
        long? entries = name == MapNames.Backends
            ? MapDetails.CountWritten(name, map, info)
            : MapDetails.Count(name, map, info);
        return new MapUse(
            name,
            MapDetails.NameOf(info.Type),
            (int)info.KeySize,
            (int)info.ValueSize,
            info.MaxEntries,
            entries,
            MapDetails.BytesOf(map),
            PinOf(name));
    }

    /// <summary>The inner maps as one: their slots.</summary>
    private MapUse TableUse()
    {
        IReadOnlyList<(int Slots, long Bytes)> buffers = _tables.ReadBuffers();
        return new MapUse(
            SlotArray.MapName,
            MapDetails.NameOf(MapType.Array),
            sizeof(uint),
            Unsafe.SizeOf<Slot>(),
            buffers.Sum(buffer => (long)buffer.Slots),
            null,
            buffers.Sum(buffer => buffer.Bytes),
            null);
    }

    /// <summary>Takes over the tables that an earlier start left.</summary>
    private protected void AdoptTables() => _tables.Adopt();

    /// <summary>Closes program and maps; what is pinned or attached stays in the kernel.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            DisposeParts();
        }
    }

    private static EndpointMaps<TValue> Endpoints<TValue>(
        BpfObject opened, string v4, string v6, RangeNumbers? numbers = null)
        where TValue : unmanaged =>
        new(new(v4, opened.TakeMap(v4)), new(v6, opened.TakeMap(v6)), numbers);

    private static FlowMap<TKey> Flows<TKey>(BpfObject opened, string name, bool pending)
        where TKey : unmanaged, IFlowKey<TKey> =>
        new(new(name, opened.TakeMap(name)), pending);

    private static ClientMap<TKey> Clients<TKey>(BpfObject opened, string name)
        where TKey : unmanaged, IClientKey<TKey> => new(new(name, opened.TakeMap(name)));

    private static HashMap<FlowKey6, FullValue> Full(BpfObject opened, string name) => new(name, opened.TakeMap(name));

    private T Own<T>(T part)
        where T : IDisposable
    {
        _parts.Push(part);
        return part;
    }

    private void DisposeParts()
    {
        while (_parts.TryPop(out IDisposable? part))
        {
            part.Dispose();
        }
    }
}
