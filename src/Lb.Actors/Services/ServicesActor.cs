using System.Collections.Immutable;
using Akka.Actor;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>Services of a site, how their flows are swept, and what is remembered of their backends.</summary>
/// <param name="Services">Services by name.</param>
/// <param name="Flows">How their flows are swept.</param>
/// <param name="Revision">Revision of the site; 0 while it has none.</param>
/// <param name="Verdicts">The last verdicts from before the start, by service.</param>
internal sealed record ConfigureServices(
    ImmutableSortedDictionary<string, ServiceConfig> Services,
    FlowsConfig Flows,
    long Revision,
    ImmutableDictionary<string, ImmutableDictionary<Endpoint, HealthVerdict>> Verdicts)
{
    /// <summary>Slots of each service's table by the journal; empty while the node goes by its file alone.</summary>
    public ImmutableSortedDictionary<string, int> TableSizes { get; init; } =
        ImmutableSortedDictionary<string, int>.Empty;

    /// <summary>Since when backends drain, by the journal; of nobody while the node goes by its file alone.</summary>
    public DrainTimes Drains { get; init; } = DrainTimes.None;

    /// <summary>What one of them is told.</summary>
    public ConfigureService Of(string service) => new(Services[service], Flows, Revision, SizeOf(service))
    {
        Drains = Drains.Of(service),
    };

    /// <summary>Slots of a service's table by the journal; 0 while they are not known.</summary>
    public int SizeOf(string service) => TableSizes.GetValueOrDefault(service);
}

/// <summary>Reply to <see cref="GetServices"/> within the site.</summary>
internal sealed record ServiceList(ImmutableArray<ServiceSnapshot> Services);

/// <summary>Keeps one <see cref="ServiceActor"/> for each service; one that gets another VIP is another service.</summary>
internal sealed class ServicesActor : ReceiveActor
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(2);

    /// <summary>Longer than a service waits for the flow table.</summary>
    private static readonly TimeSpan PlanTime = PlanFlows.ReadTime + TimeSpan.FromSeconds(1);

    private readonly ChildSet<(string Name, Endpoint Vip)> _services;
    private ConfigureServices? _config;

    public ServicesActor(SiteContext context, IActorRef bridge)
    {
        _services = new ChildSet<(string Name, Endpoint Vip)>(
            () => Context,
            service => service.Name,
            service => Props.Create(() =>
                new ServiceActor(
                    context,
                    bridge,
                    _config!.Of(service.Name),
                    _config.Verdicts.GetValueOrDefault(
                        service.Name, ImmutableDictionary<Endpoint, HealthVerdict>.Empty))));
        Receive<ConfigureServices>(OnConfigure);
        Receive<ResendService>(TellEach);
        Receive<TellVerdicts>(TellEach);
        Receive<TellVotes>(TellEach);
        Receive<ToVotes>(Context.Parent.Forward);
        Receive<TellSharing>(TellEach);
        Receive<ToSharing>(Context.Parent.Forward);
        Receive<TellRelays>(TellEach);
        Receive<RouteRelay>(route => Context.Parent.Tell(route));
        Receive<DrainRelay>(drain => Context.Parent.Tell(drain));
        Receive<BackendVerdict>(verdict => Context.Parent.Tell(verdict));
        Receive<GetServices>(_ => OnGetServices());
        Receive<PlanSite>(OnPlan);
        Receive<RepairService>(OnRepair);
        Receive<TellSlot>(OnTellSlot);
        Receive<Terminated>(terminated => _services.OnTerminated(terminated.ActorRef));
    }

    protected override SupervisorStrategy SupervisorStrategy() => Anew.Strategy;

    protected override void PreStart() => Context.Parent.Tell(new ServicesReady());

    private void OnConfigure(ConfigureServices configure)
    {
        ConfigureServices? before = _config;
        _config = configure;
        foreach (((string name, Endpoint vip), IActorRef service) in _services.Running)
        {
            if (configure.Services.TryGetValue(name, out ServiceConfig? config)
                && config.Vip == vip
                && !(before is not null
                    && before.Flows == configure.Flows
                    && before.SizeOf(name) == configure.SizeOf(name)
                    && before.Drains.Of(name) == configure.Drains.Of(name)
                    && before.Services.TryGetValue(name, out ServiceConfig? old)
                    && ConfigChange.Same(old, config)))
            {
                service.Tell(configure.Of(name));
            }
        }

        _services.Set([.. configure.Services.Values.Select(service => (service.Name, service.Vip))]);
    }

    private void TellEach(object message)
    {
        foreach (IActorRef service in _services.Running.Values)
        {
            service.Tell(message);
        }
    }

    private void OnGetServices() =>
        _ = CollectAsync([.. _services.Running.Values]).PipeTo(Sender, Self);

    private void OnRepair(RepairService repair)
    {
        foreach (((string name, _), IActorRef service) in _services.Running)
        {
            if (name == repair.Service)
            {
                // It begins anew, with what the kernel holds, the config of now, and what the nodes have agreed on.
                Context.Stop(service);
            }
        }
    }

    private void OnTellSlot(TellSlot tell)
    {
        Endpoint? vip = RangeRule.Find(
            _services.Running.Select(service => service.Key.Vip), tell.Flow.Vip, tell.Flow.VipPort, tell.Flow.Protocol);
        if (_services.Running.FirstOrDefault(service => service.Key.Vip == vip).Value is { } service)
        {
            service.Forward(tell);
        }
        else
        {
            Sender.Tell(new SlotTold(null));
        }
    }

    private void OnPlan(PlanSite plan)
    {
        if (_config is not { } config)
        {
            Sender.Tell(new ConfigUnavailable("no config is in force yet"));
            return;
        }

        ImmutableDictionary<(string Name, Endpoint Vip), IActorRef> running = _services.Running.ToImmutableDictionary();
        _ = PlanAsync(config.Services, plan.Site.Services, running).PipeTo(Sender, Self);
    }

    private static async Task<SitePlan> PlanAsync(
        ImmutableSortedDictionary<string, ServiceConfig> before,
        ImmutableSortedDictionary<string, ServiceConfig> after,
        ImmutableDictionary<(string Name, Endpoint Vip), IActorRef> running)
    {
        IEnumerable<Task<ServicePlan>> changed = after.Values
            .Where(service => !before.TryGetValue(service.Name, out ServiceConfig? old) || !ConfigChange.Same(old, service))
            .Select(service => running.TryGetValue((service.Name, service.Vip), out IActorRef? actor)
                ? actor.Ask<ServicePlan>(new PlanService(service), PlanTime)
                : Task.FromResult(ServicePlan.Added(service.Name)));

        // One that gets another VIP leaves the old one, as one that is removed does.
        IEnumerable<Task<ServicePlan>> gone = before.Values
            .Where(old => !after.TryGetValue(old.Name, out ServiceConfig? service) || service.Vip != old.Vip)
            .Where(old => running.ContainsKey((old.Name, old.Vip)))
            .Select(old => running[(old.Name, old.Vip)].Ask<ServicePlan>(new PlanService(null), PlanTime));

        // All at once: they share one read of the flow table.
        ServicePlan[] plans = await Task.WhenAll(changed.Concat(gone));
        return new SitePlan([.. plans.OrderBy(plan => plan.Service, StringComparer.Ordinal)]);
    }

    private static async Task<ServiceList> CollectAsync(ImmutableArray<IActorRef> services)
    {
        ServiceSnapshot?[] snapshots = await Task.WhenAll(services.Select(AskAsync));
        return new ServiceList([.. snapshots
            .OfType<ServiceSnapshot>()
            .OrderBy(service => service.Name, StringComparer.Ordinal)]);
    }

    private static async Task<ServiceSnapshot?> AskAsync(IActorRef service)
    {
        try
        {
            return await service.Ask<ServiceSnapshot>(new GetService(), AnswerTime);
        }
        catch (AskTimeoutException)
        {
            // It was removed meanwhile, or is being restarted.
            return null;
        }
    }
}
