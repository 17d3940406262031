using System.Collections.Immutable;
using System.Diagnostics;
using Akka.Actor;
using Lb.Kernel;
using Microsoft.Extensions.Logging;

namespace Lb.Actors;

/// <summary>
/// The one writer of the kernel's forwarding state. It is told what is desired, writes the difference, and reads
/// back whether it is still so. What it learns at its start from the kernel it hands to the services.
/// </summary>
internal sealed partial class KernelBridgeActor : ReceiveActor, IWithTimers, IWithStash
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(30);

    private readonly SiteContext _context;
    private readonly IDatapath _datapath;
    private readonly ILogger _log;
    private readonly Dictionary<Endpoint, IActorRef> _owners = [];
    private readonly Dictionary<Endpoint, ApplyService> _wanted = [];
    private readonly Dictionary<Endpoint, DesiredService> _unconfirmed = [];
    private readonly HashSet<int> _unlisted = [];
    private Action? _neighboursChanged;
    private readonly Dictionary<Endpoint, InterceptionChoice> _told = [];
    private KernelLedger _ledger = null!;
    private ImmutableDictionary<Endpoint, InterceptionChoice> _choices =
        ImmutableDictionary<Endpoint, InterceptionChoice>.Empty;
    private ConfigureKernel? _config;

    // What the kernel holds by all that is known; null when a failure left that open.
    private KernelState? _held;
    private bool _flushing;
    private TimeSpan _retry = FirstRetry;
    private string? _problem;
    private string? _whyNotXdp;
    private int _drifts;

    public KernelBridgeActor(SiteContext context)
    {
        _context = context;
        _datapath = context.Datapath;
        _log = context.Loggers.CreateLogger<KernelBridgeActor>();
        Starting();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public IStash Stash { get; set; } = null!;

    protected override void PreStart()
    {
        ActorMeter.Begin();
        IActorRef self = Self;
        _neighboursChanged = () => self.Tell(NeighboursChanged.Instance, ActorRefs.NoSender);
        _context.Neighbours.Changed += _neighboursChanged;
        self.Tell(Start.Instance);
    }

    protected override void PostStop() => _context.Neighbours.Changed -= _neighboursChanged;

    private void Starting()
    {
        Receive<Start>(_ => OnStart());
        Receive<GetKernel>(_ => OnGetKernel());
        ReceiveAny(_ => Stash.Stash());
    }

    private void Ready()
    {
        Receive<ConfigureKernel>(OnConfigure);
        Receive<Adopt>(OnAdopt);
        Receive<ApplyService>(OnApplyService);
        Receive<Flush>(_ => OnFlush());
        Receive<NeighboursChanged>(_ => OnNeighboursChanged());
        Receive<Check>(_ => OnCheck());
        Receive<GetFlows>(OnGetFlows);
        Receive<ReadFlows>(_ => OnReadFlows());
        Receive<DeleteFlows>(OnDeleteFlows);
        Receive<GetKernel>(_ => OnGetKernel());
        Receive<CheckKernel>(_ => OnCheckKernel());
        Receive<RepairKernel>(_ => OnRepairKernel());
        Receive<GetKernelMaps>(_ => OnGetMaps());
        Receive<SpreadPackets>(OnSpreadPackets);
        Receive<TraceFlow>(OnTraceFlow);
        Receive<ListFlows>(OnListFlows);
        Receive<ShareFlows>(OnShareFlows);
        Receive<TellKernelNames>(_ => OnTellKernelNames());
        Receive<FlowsCounted>(OnFlowsCounted);
        Receive<FlowsNotCounted>(OnFlowsNotCounted);
        Receive<WriteShared>(OnWriteShared);
        Receive<ReadShared>(OnReadShared);
        Receive<SweepFullNat>(_ => OnSweepFullNat());
        Receive<FullNatSwept>(OnFullNatSwept);
    }

    private void OnStart()
    {
        try
        {
            IEnumerable<uint> tables = Enumerable.Range(0, _datapath.ServiceLimit).Select(index => (uint)index);
            KernelState held = KernelState.Read(_datapath, tables);
            _ledger = KernelLedger.Adopt(held, _datapath.ServiceLimit, _datapath.BackendLimit, _context.Now);
            _held = held;
            Purge(_datapath.ReadFlows());
        }
        catch (Exception reason)
        {
            Fail("read", reason);
            Timers.StartSingleTimer("start", Start.Instance, NextRetry());
            return;
        }

        Recover();
        CountFlows();
        _log.KernelRead(_held.Services.Count, _held.Backends.Count);
        Become(Ready);
        Stash.UnstashAll();
        Context.Parent.Tell(new BridgeReady());
    }

    private void OnConfigure(ConfigureKernel config)
    {
        if (_config is null || !_config.Direct.SetEquals(config.Direct))
        {
            _drawn = null;
        }

        _config = config;
        _ledger = _ledger.Retain(config.Vips, _context.Now);
        foreach (Endpoint vip in _wanted.Keys.Where(vip => !config.Vips.Contains(vip)).ToArray())
        {
            _wanted.Remove(vip);
        }

        foreach (Endpoint vip in _owners.Keys.Where(vip => !config.Vips.Contains(vip)).ToArray())
        {
            _owners.Remove(vip);
            _unconfirmed.Remove(vip);
        }

        Timers.StartPeriodicTimer("check", Check.Instance, config.CheckInterval);
        Timers.StartPeriodicTimer("full-nat", SweepFullNat.Instance, config.PurgeInterval);
        // What left the config leaves the kernel now, before anything else is written.
        OnFlush();
    }

    private void OnAdopt(Adopt adopt)
    {
        _owners[adopt.Vip] = Sender;
        DesiredService? held = _ledger.Services.GetValueOrDefault(adopt.Vip)?.Desired;
        Sender.Tell(new Adopted(adopt.Vip, held));
    }

    private void OnApplyService(ApplyService apply)
    {
        Endpoint vip = apply.Desired.Vip;
        // A service that was renamed has two owners for a moment: the younger one counts.
        if (_owners.TryGetValue(vip, out IActorRef? owner) && !owner.Equals(Sender))
        {
            return;
        }

        _owners[vip] = Sender;
        _wanted[vip] = apply;
        FlushSoon();
    }

    private void OnFlush()
    {
        _flushing = false;
        if (_config is null)
        {
            // Which services are configured is not known yet: nothing is removed, so nothing is written.
            return;
        }

        AcceptWanted();
        IReadOnlyList<KernelFailure> failures;
        try
        {
            KernelState desired = Draw() with
            {
                LogSample = _config.LogSample,
                Shared = _context.Sharers is not null && (_shared ?? _held!.Shared),
                Sources = _context.FullNat.Sources,
            };
            IReadOnlyList<KernelOperation> operations = KernelDiff.Between(_held!, desired);
            long started = Stopwatch.GetTimestamp();
            failures = KernelWriter.Write(_datapath, operations);
            ActorMeter.Wrote(started, operations.Count, failures.Count);
            bool drawnAnew = !ReferenceEquals(_held!.Backends, desired.Backends);
            _held = failures.Count == 0 ? desired : null;
            _choices = desired.Choices;
            TellChoices();
            TellHook();
            _log.KernelWritten(operations.Count - failures.Count);
            if (drawnAnew)
            {
                TellExits(desired);
            }
        }
        catch (Exception reason)
        {
            _held = null;
            Fail("read or write", reason);
            Answer(_ => reason.Message);
            RetryFlush();
            return;
        }

        foreach (KernelFailure failure in failures)
        {
            Fail(failure.Operation.ToString(), failure.Reason);
        }

        Answer(id => failures.FirstOrDefault(f => f.Operation.Concerns(id))?.Reason.Message);
        if (failures.Count > 0)
        {
            RetryFlush();
            return;
        }

        _ledger = _ledger.FreeTables();
        _drawn = _ledger;
        Recover();
        TellNames();
        WriteEarly();
        PurgeLater();
    }

    /// <summary>Says why XDP does not serve, when that is news.</summary>
    private void TellHook()
    {
        string? why = _datapath.WhyNotXdp;
        if (why is not null && why != _whyNotXdp)
        {
            _log.AllByTrafficControl(why);
        }

        _whyNotXdp = why;
    }

    private void TellExits(KernelState desired)
    {
        foreach (int exit in KernelExits.Unlisted(desired, _datapath.Attachments).Where(_unlisted.Add))
        {
            _log.ExitUnlisted(exit);
        }
    }

    /// <summary>Says of each relayed service what intercepts it, when that is news.</summary>
    private void TellChoices()
    {
        foreach (Endpoint gone in _told.Keys.Where(vip => !_choices.ContainsKey(vip)).ToArray())
        {
            _told.Remove(gone);
        }

        foreach ((Endpoint vip, InterceptionChoice choice) in _choices)
        {
            if (!_told.TryGetValue(vip, out InterceptionChoice? told) || told != choice)
            {
                _told[vip] = choice;
                _log.InterceptedBy(vip, choice.By, choice.Reason);
            }
        }
    }

    private void AcceptWanted()
    {
        Dictionary<Endpoint, string> refused = [];
        bool progress;
        do
        {
            // One that was refused may fit once another has given something up.
            progress = false;
            foreach (ApplyService apply in _wanted.Values.Where(a => _config!.Vips.Contains(a.Desired.Vip)).ToArray())
            {
                Endpoint vip = apply.Desired.Vip;
                if (_ledger.Accept(apply.Desired, _context.Now, out KernelLedger after) is { } reason)
                {
                    refused[vip] = reason;
                    continue;
                }

                _ledger = after;
                _wanted.Remove(vip);
                refused.Remove(vip);
                _unconfirmed[vip] = apply.Desired;
                progress = true;
            }
        }
        while (progress && refused.Count > 0);

        foreach ((Endpoint vip, string reason) in refused)
        {
            _log.ServiceRefused(vip, reason);
            _owners[vip].Tell(new ServiceNotWritten(vip, _wanted[vip].Desired.Revision, reason));
        }
    }

    /// <summary>Tells the owners of what was accepted how it went; those it went wrong for hear again.</summary>
    private void Answer(Func<uint, string?> problem)
    {
        foreach ((Endpoint vip, DesiredService service) in _unconfirmed.ToArray())
        {
            if (problem(_ledger.Services[vip].Id) is { } reason)
            {
                _owners[vip].Tell(new ServiceNotWritten(vip, service.Revision, reason));
                continue;
            }

            _unconfirmed.Remove(vip);
            _owners[vip].Tell(new ServiceWritten(vip, service.Revision));
        }
    }

    private void OnGetKernel()
    {
        KernelHealth health = _ledger is null ? KernelHealth.Starting
            : (_problem ?? _setupProblem) is null ? KernelHealth.Good
            : KernelHealth.Failing;
        try
        {
            KernelCounters read = KernelReading.Of(_datapath, _ledger, health, _problem ?? _setupProblem, _drifts);
            Sender.Tell(read with
            {
                Kernel = read.Kernel with { FlowTables = _flowTables, FullNat = FullNat, Spread = Spread() },
                Interceptions = _choices,
            });
        }
        catch (Exception reason)
        {
            Fail("read counters", reason);
            Sender.Tell(KernelReading.Without(KernelHealth.Failing, _problem, _drifts));
        }
    }

    private void FlushSoon()
    {
        if (!_flushing)
        {
            _flushing = true;
            Self.Tell(Flush.Instance, ActorRefs.NoSender);
        }
    }

    private void RetryFlush() => Timers.StartSingleTimer("retry", Flush.Instance, NextRetry());

    private TimeSpan NextRetry()
    {
        TimeSpan retry = _retry;
        _retry = retry * 2 < LastRetry ? retry * 2 : LastRetry;
        return retry;
    }

    private void Fail(string what, Exception reason)
    {
        _problem = reason.Message;
        _log.KernelFailed(what, reason.Message, reason is KernelException ? null : reason);
    }

    private void Recover()
    {
        if (_problem is not null)
        {
            _log.KernelRecovered();
        }

        _problem = null;
        _retry = FirstRetry;
    }

    private IEnumerable<uint> KnownTables() =>
        _ledger.Tables.InUse.Values.Concat(_ledger.Tables.Resting.Select(resting => resting.Key));

    private sealed record Start
    {
        public static readonly Start Instance = new();
    }

    private sealed record Flush
    {
        public static readonly Flush Instance = new();
    }
}
