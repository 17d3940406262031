using System.Collections.Immutable;
using Akka.Actor;
using Lb.Kernel;
using Microsoft.Extensions.Logging;

namespace Lb.Actors;

/// <summary>
/// One service: joins its config and the verdicts on its backends into the pool that its table is built from, and
/// follows backends that leave until their last flow has ended.
/// </summary>
internal sealed partial class ServiceActor : ReceiveActor, IWithTimers
{
    private readonly SiteContext _context;
    private readonly IActorRef _bridge;
    private readonly ILogger _log;
    private readonly IActorRef _health;
    private readonly IActorRef _table;
    private readonly IActorRef _flows;
    private readonly ImmutableDictionary<Endpoint, HealthVerdict> _remembered;

    // Backends whose verdict is from memory alone: the kernel has not confirmed it, and no probe has turned it.
    private readonly HashSet<Endpoint> _unconfirmed = [];
    private ServiceConfig _config;
    private FlowsConfig _flowsConfig;
    private long _revision;
    private int _tableSize;

    // Null until it is known what the kernel holds.
    private ServiceState? _state;
    private Generation? _generation;
    private ImmutableDictionary<uint, FlowCount> _tracked = ImmutableDictionary<uint, FlowCount>.Empty;

    // Dead backends whose clients are still to be told.
    private ImmutableHashSet<uint> _ended = [];
    private bool _awaitsFirstVerdicts;
    private bool _building;
    private long _written;
    private string? _problem;

    /// <summary>Begins by asking what the kernel holds.</summary>
    /// <param name="context">What actors work with.</param>
    /// <param name="bridge">The kernel bridge.</param>
    /// <param name="start">The service.</param>
    /// <param name="remembered">The last verdicts on its backends from before the node started.</param>
    public ServiceActor(
        SiteContext context,
        IActorRef bridge,
        ConfigureService start,
        ImmutableDictionary<Endpoint, HealthVerdict> remembered)
    {
        _context = context;
        _bridge = bridge;
        ServiceConfig config = start.Config;
        _revision = start.Revision;
        _config = config;
        _flowsConfig = start.Flows;
        _tableSize = start.TableSize;
        _drainsSince = start.Drains;
        _remembered = remembered;
        _log = context.Loggers.CreateLogger<ServiceActor>();
        IActorRef table = Context.ActorOf(Props.Create(() => new TableActor(context, bridge, config.Vip)), "table");
        _table = table;
        _flows = Context.ActorOf(Props.Create(() => new FlowsActor(context, bridge, table)), "flows");
        _health = Context.ActorOf(Props.Create(() => new HealthActor(context, config.Name, config.Vip)), "health");
        Receive<TableReady>(OnTableReady);
        Receive<HealthReady>(_ => OnHealthReady());
        Receive<FlowsReady>(_ => TellFlows());
        Receive<ConfigureService>(OnConfigure);
        Receive<BackendJudged>(OnJudged);
        Receive<StepsDue>(_ => OnStepsDue());
        Receive<ToVotes>(Context.Parent.Forward);
        Receive<ToSharing>(Context.Parent.Forward);
        Receive<TellSharing>(tell => _flows.Tell(tell));
        Receive<TellVotes>(OnTellVotes);
        Receive<TellVerdicts>(_ => OnTellVerdicts());
        Receive<FirstVerdictsDue>(_ => OnFirstVerdictsDue());
        Receive<Build>(_ => OnBuild());
        Receive<GenerationBuilt>(OnGenerationBuilt);
        Receive<FlowsSwept>(OnFlowsSwept);
        Receive<ServiceWritten>(OnWritten);
        Receive<ServiceNotWritten>(OnNotWritten);
        Receive<ResendService>(resend => _table.Tell(resend));
        Receive<GetService>(_ => OnGetService());
        Receive<TellSlot>(OnTellSlot);
        Receive<TellRelays>(_ => TellRelay());
        Receive<RelayListens>(_ => OnRelayListens());
        Receive<RelayDrained>(OnRelayDrained);
        Receive<Drain>(_ => OnDrain());
        Receive<PlanService>(OnPlan);
        Receive<DrainsDue>(_ => FollowDrains());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private void OnTableReady(TableReady ready)
    {
        if (_state is null)
        {
            Start(ready.Held);
        }
        else
        {
            Carry(new ServiceCommand.Configure(_config));
        }

        OnHealthReady();
        BuildSoon();
    }

    private void Start(DesiredService? held)
    {
        _state = ServiceState.Start(_config) with { TableSize = _tableSize };
        _course = held is null ? ModeCourse.Start(_config.Mode)
            : ModeCourse.Adopt(held, held.Older is null ? 0 : _context.Now);
        if (held is not null)
        {
            Timers.StartPeriodicTimer(Drain.Instance, Drain.Instance, DrainPace);
            Turn(listens: false);
            _state = _state.Apply(_state.Decide(new ServiceCommand.Adopt(held.Backends)));
        }

        Carry(new ServiceCommand.Configure(_config));
        _initial.UnionWith(_state.Members.Values.Where(member => member.IsProbed).Select(member => member.Socket));
        foreach ((Endpoint socket, HealthVerdict verdict) in _remembered)
        {
            if (_state.Members.GetValueOrDefault(socket) is { Verdict: HealthVerdict.Unknown })
            {
                Carry(new ServiceCommand.Judge(socket, verdict), remembered: true);
                _unconfirmed.Add(socket);
            }
        }

        if (held is null)
        {
            // One table for all that answer the first probe, in place of one for each.
            _awaitsFirstVerdicts = true;
            Timers.StartSingleTimer(FirstVerdictsDue.Instance, FirstVerdictsDue.Instance, _config.Health.Timeout);
        }
    }

    private void OnConfigure(ConfigureService configure)
    {
        _config = configure.Config;
        _flowsConfig = configure.Flows;
        _revision = configure.Revision;
        _tableSize = configure.TableSize;
        _drainsSince = configure.Drains;
        if (_state is null)
        {
            return;
        }

        BuildSoon();
        if (_state.TableSize != _tableSize)
        {
            _state = _state with { TableSize = _tableSize };
        }

        Carry(new ServiceCommand.Configure(configure.Config));
        Turn(listens: false);
        OnHealthReady();
        TellFlows();
    }

    private void OnHealthReady()
    {
        if (_state is not null)
        {
            _health.Tell(new ProbeBackends(
                ProbedAs(_state.Config),
                [.. _state.Members.Values
                    .Where(member => member.IsProbed)
                    .Select(member => new ProbeTarget(
                        member.Socket,
                        member.Name,
                        member.Verdict,
                        _unconfirmed.Contains(member.Socket))
                    {
                        Step = member.Step,
                    })])
            {
                SlowStart = _state.Config.Pool.SlowStart,
            });
        }
    }

    /// <summary>
    /// A backend that connections reach behind a header of the PROXY protocol is probed behind one too; another port than
    /// its own is not.
    /// </summary>
    private static HealthConfig ProbedAs(ServiceConfig config) =>
        config.Mode != ForwardingMode.Tproxy || config.Health.Port != 0
            ? config.Health
            : config.Health with { Check = config.Health.Check with { Header = config.Relay.Proxy.Send } };

    private void OnTellVotes(TellVotes tell)
    {
        _health.Tell(tell);
        TellTable();
    }

    /// <summary>Nodes tell each other which tables they have.</summary>
    private void TellTable()
    {
        if (_context.Voters is not null && _generation is not null)
        {
            Context.Parent.Tell(new ToVotes.Built(_config.Name, _generation.Digest, PoolDigest.Of(_config, _tableSize)));
        }
    }

    private void OnTellVerdicts()
    {
        foreach (PoolMember member in _state?.Members.Values ?? [])
        {
            Remember(member.Socket, member.Verdict);
        }
    }

    private void Remember(Endpoint backend, HealthVerdict verdict) =>
        Context.Parent.Tell(new BackendVerdict(_config.Name, backend, verdict));

    private void OnFirstVerdictsDue()
    {
        _awaitsFirstVerdicts = false;
        BuildSoon();
    }

    private void OnBuild()
    {
        _building = false;
        if (_awaitsFirstVerdicts && _state!.Members.Values.Any(member => member.State == BackendState.Checking))
        {
            return;
        }

        _awaitsFirstVerdicts = false;
        Timers.Cancel(FirstVerdictsDue.Instance);
        FollowDrains();
        SayChoice(_state!.Choice);
        _table.Tell(new BuildTable(_state, _course, [.. _causes]));
        _causes.Clear();
    }

    private void OnGenerationBuilt(GenerationBuilt built)
    {
        _generation = built.Generation;
        _history = built.History;
        TellTable();
        TellRelay();
        TellFlows();
        ForgetLeftovers(swept: false);
        FollowPlans();
    }

    private void OnFlowsSwept(FlowsSwept swept)
    {
        _tracked = swept.Flows;
        _ended = swept.Ended;
        if (!_drains.Drains.IsEmpty && _state is not null)
        {
            FollowDrains();
        }

        if (swept.Revision == _generation?.Desired.Revision)
        {
            ForgetLeftovers(swept: true);
            SettleOlder(swept);
        }
    }

    /// <summary>
    /// Forgets leftovers that no slot names, nor connection IDs, and that have no flow: at once when they cannot have one, else when a
    /// sweep has seen none.
    /// </summary>
    private void ForgetLeftovers(bool swept)
    {
        PoolChoice choice = _state!.Choice;
        foreach (PoolMember member in _state.Members.Values.Where(member => member.Leftover).ToArray())
        {
            bool named = _generation!.Counts.ContainsKey(member.Id) || (choice.IsAlive(member) && MayBeNamed(member));
            bool flowless = (!choice.IsAlive(member) && !_generation.Desired.Resets)
                || _generation.Desired.Tracking == Tracking.None
                || (swept && !_tracked.ContainsKey(member.Id) && !_ended.Contains(member.Id));
            if (!named && flowless)
            {
                Carry(new ServiceCommand.Forget(member.Socket));
                OnHealthReady();
            }
        }
    }

    private void OnWritten(ServiceWritten written)
    {
        _written = written.Revision;
        _problem = null;
        _flows.Tell(written);
    }

    private void OnNotWritten(ServiceNotWritten missing)
    {
        if (_problem != missing.Reason)
        {
            _log.ServiceNotWritten(_config.Name, missing.Revision, missing.Reason);
        }

        _problem = missing.Reason;
    }

    private void Carry(ServiceCommand command, bool remembered = false)
    {
        if (_state is null)
        {
            return;
        }

        ImmutableArray<ServiceEvent> events = _state.Decide(command);
        _state = _state.Apply(events);
        foreach (ServiceEvent happened in events)
        {
            Say(happened);
            Note(command, happened, remembered);
            switch (happened)
            {
                case ServiceEvent.MemberChanged changed when changed.After.Verdict != changed.Before.Verdict:
                    _unconfirmed.Remove(changed.After.Socket);
                    Remember(changed.After.Socket, changed.After.Verdict);
                    break;
                case ServiceEvent.MemberForgotten forgotten:
                    Remember(forgotten.Member.Socket, HealthVerdict.Unknown);
                    break;
                default:
                    break;
            }
        }

        if (!events.IsEmpty)
        {
            BuildSoon();
        }
    }

    private void Say(ServiceEvent happened)
    {
        if (happened is ServiceEvent.MemberChanged stepped)
        {
            SaySteps(stepped.Before, stepped.After);
        }

        switch (happened)
        {
            case ServiceEvent.MemberChanged { After: { State: BackendState.Down } after, Before: var before }
                when before.State != BackendState.Down:
                _log.BackendDown(_config.Name, after.Name, after.Socket);
                break;
            case ServiceEvent.MemberChanged { After: var after, Before: var before } when after.State != before.State:
                _log.BackendChanged(_config.Name, after.Name, after.Socket, before.State, after.State);
                break;
            case ServiceEvent.MemberForgotten { Member: var member }:
                _log.BackendForgotten(_config.Name, member.Name, member.Socket);
                break;
            default:
                break;
        }
    }

    /// <summary>Builds once for all that is in the mailbox already.</summary>
    private void BuildSoon()
    {
        if (!_building)
        {
            _building = true;
            Self.Tell(Build.Instance);
        }
    }

    private void TellFlows()
    {
        if (_generation is null)
        {
            return;
        }

        bool keep = _course.TracksOlder || _state!.Members.Values.Any(member =>
            member.Leftover || (member.State == BackendState.Draining && _generation.Desired.Tracking == Tracking.Full));
        _flows.Tell(new SweepGeneration(_generation, _flowsConfig, keep));
    }

    private sealed record FirstVerdictsDue
    {
        public static readonly FirstVerdictsDue Instance = new();
    }

    private sealed record Build
    {
        public static readonly Build Instance = new();
    }
}
