using System.Collections.Immutable;
using Akka.Actor;
using Lb.Kernel;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lb.Actors;

/// <summary>
/// The site: checks configs, and supervises the services and the kernel bridge. Understands
/// <see cref="ApplyConfig"/> and <see cref="GetServices"/>.
/// </summary>
public sealed class SiteActor : ReceiveActor
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(3);

    private readonly SiteContext _context;
    private readonly SiteMemory _memory;
    private readonly ILogger _log;
    private readonly IActorRef _bridge;
    private readonly IActorRef _services;

    /// <summary>Use <see cref="Props"/>. Akka.NET creates actors by public constructors alone.</summary>
    public SiteActor(SiteContext context, SiteMemory memory)
    {
        _context = context;
        _memory = memory;
        _log = context.Loggers.CreateLogger<SiteActor>();
        IActorRef bridge = Context.ActorOf(Akka.Actor.Props.Create(() => new KernelBridgeActor(context)), "kernel");
        _bridge = bridge;
        _services = Context.ActorOf(Akka.Actor.Props.Create(() => new ServicesActor(context, bridge)), "services");
        Receive<ApplyConfig>(OnApplyConfig);
        Receive<GetServices>(_ => OnGetServices());
        Receive<BridgeReady>(_ => OnBridgeReady());
        Receive<ServicesReady>(_ => TellServices());
    }

    /// <summary>The site's actor; its usual name is <c>site</c>.</summary>
    /// <param name="config">What the site is to be at first, checked.</param>
    /// <param name="datapath">The kernel. The site is its only writer and does not dispose of it.</param>
    /// <param name="neighbours">Next hops. Not disposed of.</param>
    /// <param name="clock">Time for decisions.</param>
    /// <param name="prober">Carries out probes; real sockets unless told.</param>
    /// <param name="loggers">Makes the actors' loggers; silence unless told.</param>
    public static Props Props(
        SiteConfig config,
        IDatapath datapath,
        INeighbours neighbours,
        TimeProvider clock,
        IProber? prober = null,
        ILoggerFactory? loggers = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        SiteContext context = new(
            datapath, neighbours, prober ?? new SocketProber(), clock, loggers ?? NullLoggerFactory.Instance);
        SiteMemory memory = new(config);
        return Akka.Actor.Props.Create(() => new SiteActor(context, memory));
    }

    /// <inheritdoc/>
    protected override void PreStart()
    {
        ImmutableArray<string> reasons = Check(_memory.Config);
        if (!reasons.IsEmpty)
        {
            _log.ConfigRefused(_memory.Config.Name, string.Join("; ", reasons));
            _memory.Config = _memory.Config with
            {
                Services = ImmutableSortedDictionary<string, ServiceConfig>.Empty,
            };
        }
    }

    private void OnApplyConfig(ApplyConfig apply)
    {
        SiteConfig config = apply.Config;
        ImmutableArray<string> reasons = Check(config);
        if (!reasons.IsEmpty)
        {
            _log.ConfigRefused(config.Name, string.Join("; ", reasons));
            Sender.Tell(new ConfigRefused(reasons));
            return;
        }

        ConfigApplied applied = ConfigChange.Between(_memory.Config, config);
        _memory.Config = config;
        // The bridge hears first: a service that goes leaves the kernel before its actor stops.
        TellBridge();
        TellServices();
        _log.ConfigApplied(config.Name, applied.Added.Length, applied.Changed.Length, applied.Removed.Length);
        Sender.Tell(applied);
    }

    private void OnBridgeReady()
    {
        TellBridge();
        _services.Tell(new ResendService());
    }

    private void TellBridge() => _bridge.Tell(new ConfigureKernel(
        [.. _memory.Config.Services.Values.Select(service => service.Vip)],
        _memory.Config.Direct,
        _memory.Config.CheckInterval,
        _memory.Config.Flows.SweepInterval));

    private void TellServices() =>
        _services.Tell(new ConfigureServices(_memory.Config.Services, _memory.Config.Flows));

    private void OnGetServices() =>
        _ = CollectAsync(_memory.Config.Name, _services, _bridge).PipeTo(Sender, Self);

    private ImmutableArray<string> Check(SiteConfig config) =>
        SiteRules.Check(config, _memory.Site, _context.Datapath.ServiceLimit, _context.Datapath.BackendLimit);

    private static async Task<ServicesSnapshot> CollectAsync(string site, IActorRef services, IActorRef bridge)
    {
        Task<ServiceList> list = services.Ask<ServiceList>(new GetServices(), AnswerTime);
        Task<KernelCounters> counters = bridge.Ask<KernelCounters>(new GetKernel(), AnswerTime);
        await Task.WhenAll(list, counters);
        KernelCounters kernel = await counters;
        return new ServicesSnapshot(
            site,
            [.. (await list).Services.Select(service => ServiceView.With(service, kernel))],
            kernel.Kernel);
    }
}
