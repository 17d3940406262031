using System.Collections.Immutable;
using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace Lb.Actors;

/// <summary>
/// Sweeps the tracked flows of one service while some slot is moved or some entry may be stale, and only then. Where there
/// are other nodes it tells them which slots are not clean, and goes by what they say.
/// </summary>
internal sealed class FlowsActor : ReceiveActor, IWithTimers
{
    private readonly SiteContext _context;
    private readonly IActorRef _bridge;
    private readonly IActorRef _table;
    private readonly ILogger _log;
    private readonly SharedTable? _shared;
    private SweepGeneration? _sweep;

    private long _written;

    // Generations up to this one are not what was taken over.
    private long _takenAt = -1;

    public FlowsActor(SiteContext context, IActorRef bridge, IActorRef table)
    {
        _context = context;
        _bridge = bridge;
        _table = table;
        _log = context.Loggers.CreateLogger<FlowsActor>();
        _shared = context.Sharers is null ? null : new SharedTable();
        Receive<SweepGeneration>(OnGeneration);
        Receive<Sweep>(_ => OnSweep());
        Receive<FlowsRead>(OnFlowsRead);
        Receive<ServiceWritten>(OnWritten);
        Receive<PeerSlots>(OnPeers);
        Receive<SlotsTaken>(OnTaken);
        Receive<TellSharing>(_ => OnTellSharing());
        Receive<AdoptDue>(_ =>
        {
            Adopt();
            Report();
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Context.Parent.Tell(new FlowsReady());

    private void OnGeneration(SweepGeneration sweep)
    {
        bool isFirst = _sweep is null;
        bool intervalChanged = _sweep?.Config.SweepInterval != sweep.Config.SweepInterval;
        bool idle = !Timers.IsTimerActive(Sweep.Instance);
        // Any change may leave entries behind, so each is followed by a sweep at least.
        bool due = _sweep?.Generation.Desired.Revision != sweep.Generation.Desired.Revision || sweep.Keep;
        _sweep = sweep;
        if ((idle && due) || (!idle && intervalChanged))
        {
            Timers.StartPeriodicTimer(Sweep.Instance, Sweep.Instance, sweep.Config.SweepInterval);
        }

        if (isFirst)
        {
            OnTellSharing();
        }
    }

    private void OnSweep()
    {
        if (_sweep is not null)
        {
            _bridge.Tell(new GetFlows(_sweep.Generation.Desired.Vip));
        }
    }

    private void OnFlowsRead(FlowsRead read)
    {
        if (_sweep is null || read.Revision != _sweep.Generation.Desired.Revision)
        {
            // The kernel is behind or ahead of what is known here: the next sweep looks again.
            return;
        }

        Generation generation = _sweep.Generation;
        SlotLimits? limits = _shared?.Limits(generation, Memory(generation), _context.Now);
        SweepResult result = SweepPlan.Plan(generation, read.Flows, _sweep.Config.UdpWindow, _context.Now, limits);
        if (!result.Stale.IsEmpty)
        {
            _bridge.Tell(new DeleteFlows(result.Stale));
        }

        _shared?.Swept(generation, result);
        _written = read.Revision;
        Report();
        if (!result.Clean.IsEmpty || !result.WindowOver.IsEmpty)
        {
            _table.Tell(new SettleSlots(generation.Desired.Revision, result.Clean, result.WindowOver));
        }

        if (!result.IsQuiet)
        {
            _log.Swept(
                generation.Config.Name, result.Clean.Length, result.WindowOver.Length, result.Stale.Length);
        }

        Context.Parent.Tell(new FlowsSwept(generation.Desired.Revision, result.Flows)
        {
            FullNat = result.FullNat,
            Ended = result.Ended,
        });
        if (result.IsQuiet && generation.Table.Moved == 0 && !_sweep.Keep)
        {
            Timers.Cancel(Sweep.Instance);
        }
    }

    private TimeSpan Memory(Generation generation) => SweepPlan.MemoryOf(generation, _sweep!.Config.UdpWindow);

    private void OnWritten(ServiceWritten written)
    {
        _written = written.Revision;
        Adopt();
        Report();
    }

    private void OnPeers(PeerSlots peers)
    {
        if (_shared is not null)
        {
            _shared.Hear(peers);
            Adopt();
            Report();
        }
    }

    private void OnTaken(SlotsTaken taken)
    {
        if (!taken.Done)
        {
            _takenAt = -1;
            _shared?.Retry();
            Adopt();
        }
    }

    private void OnTellSharing()
    {
        if (_shared is not null && _sweep is not null)
        {
            Context.Parent.Tell(new ToSharing.Join(_sweep.Generation.Desired.Vip));
            Report();
        }
    }

    /// <summary>The kernel has it, and nothing that was taken over is missing in it.</summary>
    private bool IsCurrent(Generation generation) =>
        _written == generation.Desired.Revision && generation.Desired.Revision > _takenAt;

    /// <summary>Takes slots over from others, once the kernel has the table that they are compared with.</summary>
    private void Adopt()
    {
        if (_shared is null || _sweep is not { Generation: { } generation } || !IsCurrent(generation))
        {
            return;
        }

        ImmutableArray<SlotChange> changes = _shared.Adopt(generation, _context.Now);
        if (!changes.IsEmpty)
        {
            _takenAt = generation.Desired.Revision;
            _table.Tell(new TakeSlots(generation.Desired.Revision, changes));
            _log.SlotsTaken(generation.Config.Name, changes.Length);
        }
        else if (_shared.WaitsForTable)
        {
            Timers.StartSingleTimer(AdoptDue.Instance, AdoptDue.Instance, ShareTimes.JoinPatience);
        }
    }

    private void Report()
    {
        if (_shared is null || _sweep is not { Generation: { } generation } || !IsCurrent(generation))
        {
            return;
        }

        SlotReport report = _shared.ReportOn(generation, Memory(generation), _context.Now);
        Context.Parent.Tell(new ToSharing.Report(report, _shared.Joined));
    }

    private sealed record AdoptDue
    {
        public static readonly AdoptDue Instance = new();
    }

    private sealed record Sweep
    {
        public static readonly Sweep Instance = new();
    }
}
