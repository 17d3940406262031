using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace Lb.Actors;

/// <summary>
/// Sweeps the tracked flows of one service while some slot is moved or some entry may be stale, and only then.
/// </summary>
internal sealed class FlowsActor : ReceiveActor, IWithTimers
{
    private readonly SiteContext _context;
    private readonly IActorRef _bridge;
    private readonly IActorRef _table;
    private readonly ILogger _log;
    private SweepGeneration? _sweep;

    public FlowsActor(SiteContext context, IActorRef bridge, IActorRef table)
    {
        _context = context;
        _bridge = bridge;
        _table = table;
        _log = context.Loggers.CreateLogger<FlowsActor>();
        Receive<SweepGeneration>(OnGeneration);
        Receive<Sweep>(_ => OnSweep());
        Receive<FlowsRead>(OnFlowsRead);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Context.Parent.Tell(new FlowsReady());

    private void OnGeneration(SweepGeneration sweep)
    {
        bool intervalChanged = _sweep?.Config.SweepInterval != sweep.Config.SweepInterval;
        bool idle = !Timers.IsTimerActive(Sweep.Instance);
        // Any change may leave entries behind, so each is followed by a sweep at least.
        bool due = _sweep?.Generation.Desired.Revision != sweep.Generation.Desired.Revision || sweep.Keep;
        _sweep = sweep;
        if ((idle && due) || (!idle && intervalChanged))
        {
            Timers.StartPeriodicTimer(Sweep.Instance, Sweep.Instance, sweep.Config.SweepInterval);
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
        SweepResult result = SweepPlan.Plan(generation, read.Flows, _sweep.Config.UdpWindow, _context.Now);
        if (!result.Stale.IsEmpty)
        {
            _bridge.Tell(new DeleteFlows(result.Stale));
        }

        if (!result.Clean.IsEmpty || !result.WindowOver.IsEmpty)
        {
            _table.Tell(new SettleSlots(generation.Desired.Revision, result.Clean, result.WindowOver));
        }

        if (!result.IsQuiet)
        {
            _log.Swept(
                generation.Config.Name, result.Clean.Length, result.WindowOver.Length, result.Stale.Length);
        }

        Context.Parent.Tell(new FlowsSwept(generation.Desired.Revision, result.Flows));
        if (result.IsQuiet && generation.Table.Moved == 0 && !_sweep.Keep)
        {
            Timers.Cancel(Sweep.Instance);
        }
    }

    private sealed record Sweep
    {
        public static readonly Sweep Instance = new();
    }
}
