using Lb.Datapath.Tests.Model;
using Lb.Kernel;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;
using Lb.Kernel.Programs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lb.Datapath.Tests.Lab;

/// <summary>The program with its maps, kept the same as a <see cref="World"/> by writing what differs.</summary>
internal sealed class KernelMirror : IDisposable
{
    /// <summary>Service ids and backend indexes of the tests are below this.</summary>
    public const int Ids = 64;

    /// <summary>A multiple of 4 that leaves no 20 bytes behind the kernel's own struct in front of a frame.</summary>
    private const int Headroom = 208;

    /// <summary>Fewer than the program's own number, so that reading all is quick; none is ever evicted.</summary>
    private const uint FragmentEntries = 2048;

    private const string Budgets = "lb_budgets";

    /// <summary>Bytes of the ring buffer of news.</summary>
    public const int NewsSize = 1 << 18;

    /// <summary>Bytes of a record in it, with its header.</summary>
    public const int NewsRecordSize = 64;

    private readonly LoadedDatapath _datapath;
    private readonly ForwardProgram? _forward;
    private readonly FlowTables _flows;
    private readonly FullIdTable _ids;
    private readonly IFlowNews _news;
    private readonly PerCpuArray<BudgetValue> _budgets;
    private readonly PerCpuArray<BudgetValue> _answers;
    private readonly PerCpuArray<BudgetValue> _resets;
    private readonly World _written = new() { Budget = 0 };

    /// <summary>Loads the programs.</summary>
    /// <param name="hook">Whose program packets are sent through.</param>
    /// <param name="spreads">By that which hands packets to other CPUs.</param>
    public KernelMirror(Hook hook = Hook.Xdp, bool spreads = false)
    {
        var sizes = new MapSizes
        {
            Services = Ids,
            Backends = 1024,
            Flows = 8192,
            Pending = 8192,
            Clients = 8192,
            FullNat = 8192,
            FullNatNew = 8192,
            Direct = 64,
            FlowLog = FlowLog.Size,
            FlowNews = NewsSize,
        };
        using BpfObject opened = new DatapathSpec(sizes, 0).Open(NullLogger.Instance);
        foreach (string name in (string[])[MapNames.Fragments4, MapNames.Fragments6, MapNames.FullPieces])
        {
            opened.Maps[name].Resize(name, FragmentEntries);
        }

        opened.Load();
        _datapath = new LoadedDatapath(opened);
        _forward = hook == Hook.Tc ? ForwardProgram.Load(_datapath) : null;
        Spread = spreads ? SpreadPrograms.Load(_datapath) : null;
        _flows = new FlowTables(opened);
        Full = new FullTables(opened);
        _ids = new FullIdTable(opened);
        Clients = new ClientTables(opened);
        Fragments = new FragmentTables(opened);
        _news = _datapath.OpenFlowNews();
        Log = new FlowLog(_datapath, opened);
        _budgets = new PerCpuArray<BudgetValue>(Budgets, opened.TakeMap(Budgets));
        _answers = new PerCpuArray<BudgetValue>(MapNames.Answers, opened.TakeMap(MapNames.Answers));
        _resets = new PerCpuArray<BudgetValue>(MapNames.Resets, opened.TakeMap(MapNames.Resets));
        SetBudget(0);
    }

    public IDatapath Datapath => _datapath;

    /// <summary>What hands packets to other CPUs; null where nothing does.</summary>
    public SpreadPrograms? Spread { get; }

    public FlowTables Flows => _flows;

    public FullTables Full { get; }

    public FragmentTables Fragments { get; }

    public ClientTables Clients { get; }

    public FlowLog Log { get; }

    /// <summary>Sends a frame through the program.</summary>
    /// <param name="frame">
    /// The frame. At traffic control the kernel makes no packet of one that ends in its IP header: that is taken as passed.
    /// </param>
    /// <param name="ingress">Where it comes from.</param>
    /// <param name="hasSum">At traffic control the host has a sum of it, which has to be right afterwards.</param>
    /// <param name="segment">Payload of each of the packets that were joined into it; 0 for one alone.</param>
    public TestRun Run(byte[] frame, int ingress, bool hasSum = false, int segment = 0) => _forward is null
        ? (Spread?.Entry ?? _datapath.Program).Run(frame, ingressInterface: ingress)
        : frame.Length < LeastLength(frame) ? new TestRun(XdpAction.Pass, frame, 0)
        : _forward.Run(frame, ingress, segment, hasSum);

    /// <summary>What of an action can be told: traffic control does not say by which interface a packet leaves.</summary>
    public XdpAction Seen(XdpAction action) =>
        _forward is not null && action == XdpAction.Transmit ? XdpAction.Redirect : action;

    /// <summary>As <see cref="Run"/>, with all room in front of the frame taken up.</summary>
    public TestRun RunWithoutHeadroom(byte[] frame, int ingress) =>
        _datapath.Program.Run(frame, ingressInterface: ingress, metadata: Headroom);

    /// <summary>Writes to the maps what the world has and they do not.</summary>
    public void Apply(World world)
    {
        bool tablesChanged = ApplyTables(world);
        Apply(_written.ServerIds, world.ServerIds, _datapath.WriteServerId, _datapath.DeleteServerId);
        Apply(
            _written.Backends,
            world.Backends,
            (index, entry) => _datapath.WriteBackend(index, entry with { ByTc = IsTc }),
            _datapath.DeleteBackend);
        if (tablesChanged)
        {
            // A swapped table sets the number of slots of its service; the world may want another.
            _written.Services.Keys.ToList().ForEach(_datapath.DeleteService);
            _written.Services.Clear();
        }

        Endpoint[] ranges = [.. _written.Services.Keys.Where(vip => vip.IsRange)];
        Apply(
            _written.Services,
            world.Services,
            (vip, entry) => _datapath.WriteService(vip, entry with { ByTc = IsTc }),
            _datapath.DeleteService);
        if (tablesChanged || !_written.Services.Keys.Where(vip => vip.IsRange).ToHashSet().SetEquals(ranges))
        {
            _datapath.WriteRanges(_written.Services.Keys.Where(vip => vip.IsRange).ToHashSet());
        }

        Endpoint[] sources = [.. _written.Nat.Keys.Where(source => source.IsRange)];
        Apply(
            _written.Nat,
            world.Nat,
            (backend, entry) => _datapath.WriteNat(backend, entry with { Flags = entry.Flags | (IsTc ? NatFlags.Tc : NatFlags.None) }),
            _datapath.DeleteNat);
        if (!_written.Nat.Keys.Where(source => source.IsRange).ToHashSet().SetEquals(sources))
        {
            _datapath.WriteNatRanges(_written.Nat.Keys.Where(source => source.IsRange).ToHashSet());
        }

        if (!_written.Direct.SetEquals(world.Direct))
        {
            _datapath.WriteDirect(world.Direct);
            _written.Direct.Clear();
            _written.Direct.UnionWith(world.Direct);
        }

        if (_written.Budget != world.Budget)
        {
            SetBudget(world.Budget);
        }

        if (_written.IsShared != world.IsShared)
        {
            _datapath.WriteShared(world.IsShared);
            _written.IsShared = world.IsShared;
        }

        if (!_written.Sources.SetEquals(world.Sources))
        {
            _datapath.WriteFullNatSources(world.Sources.ToHashSet());
            _written.Sources.Clear();
            _written.Sources.UnionWith(world.Sources);
        }

        _answers.Clear(0);
        _resets.Clear(0);
        // Of these a client is noted with the first packet of a tick; ticks are not part of the model.
        HashSet<uint> ages = [.. world.Services.Values.Where(service => service.AffinityTicks > 0).Select(service => service.Id)];
        _flows.Write(world.Flows, world.Pending, ages);
        Full.Write(world.Full, world.FullNew, ages);
        Clients.Write(world.Clients);
        Fragments.Write(world.Fragments);
        _ids.Write(world.FullIds);
    }

    public FlowNewsCounts NewsCounts => _news.ReadCounts();

    /// <summary>Takes out the news of entries that there are.</summary>
    public List<FlowNews> ReadNews()
    {
        List<FlowNews> news = [];
        _news.Read(news.Add, int.MaxValue);
        return news;
    }

    /// <summary>Notes that the tables were written by someone else.</summary>
    public void Forget() => _written.Tables.Clear();

    /// <summary>Notes that the program has used up some of the budget itself.</summary>
    public void BudgetIsNow(uint left) => _written.Budget = left;

    /// <summary>All counters as they stand.</summary>
    public Tally ReadCounters(IEnumerable<uint> services, IEnumerable<uint> backends)
    {
        var tally = new Tally();
        foreach (uint id in services)
        {
            tally.Services[id] = _datapath.ReadServiceTraffic(id);
        }

        foreach (uint index in backends)
        {
            tally.Backends[index] = _datapath.ReadBackendTraffic(index);
        }

        foreach ((Verdict verdict, Counter counter) in _datapath.ReadVerdicts())
        {
            tally.Verdicts[verdict] = counter;
        }

        return tally;
    }

    public void Dispose()
    {
        _budgets.Dispose();
        _answers.Dispose();
        _resets.Dispose();
        _news.Dispose();
        _flows.Dispose();
        Full.Dispose();
        _ids.Dispose();
        Clients.Dispose();
        Fragments.Dispose();
        Log.Dispose();
        _forward?.Dispose();
        Spread?.Dispose();
        _datapath.Dispose();
    }

    private static void Apply<TKey, TValue>(
        Dictionary<TKey, TValue> written, Dictionary<TKey, TValue> wanted, Action<TKey, TValue> write, Action<TKey> delete)
        where TKey : notnull
        where TValue : notnull
    {
        foreach (TKey key in written.Keys.Where(key => !wanted.ContainsKey(key)).ToList())
        {
            delete(key);
            written.Remove(key);
        }

        foreach ((TKey key, TValue value) in wanted)
        {
            if (!written.TryGetValue(key, out TValue? there) || !there.Equals(value))
            {
                write(key, value);
                written[key] = value;
            }
        }
    }

    private static int LeastLength(byte[] frame) => Model.Frame.L3 + (frame[12], frame[13]) switch
    {
        (0x08, 0x00) => 20,
        (0x86, 0xdd) => 40,
        _ => 1,
    };

    private bool IsTc => _forward is not null;

    private bool ApplyTables(World world)
    {
        bool swapped = false;
        foreach ((uint index, Slot[] slots) in world.Tables)
        {
            if (!_written.Tables.TryGetValue(index, out Slot[]? there) || there.Length != slots.Length)
            {
                _datapath.SwapTable(index, slots);
                swapped = true;
            }
            else
            {
                var changed = Enumerable.Range(0, slots.Length)
                    .Where(i => slots[i] != there[i])
                    .ToDictionary(i => i, i => slots[i]);
                if (changed.Count > 0)
                {
                    _datapath.WriteSlots(index, changed);
                }
            }

            _written.Tables[index] = [.. slots];
        }

        return swapped;
    }

    private void SetBudget(uint budget)
    {
        _budgets.Clear(0);
        _datapath.Sign(budget);
        _written.Budget = budget;
    }
}
