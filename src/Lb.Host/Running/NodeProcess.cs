using System.Collections.Immutable;
using System.Net.Sockets;
using Akka.Actor;
using Lb.Actors;
using Lb.Host.Access;
using Lb.Host.CommandLine;
using Lb.Host.Configuration;
using Lb.Host.Logging;
using Lb.Host.Running.Handover;
using Lb.Kernel;
using Lb.Kernel.Handover;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Running;

/// <summary>A node's life: start, run until told to end, leave the kernel as the configuration says.</summary>
internal static class NodeProcess
{
    /// <summary>Runs the site until a signal ends it.</summary>
    /// <exception cref="KernelException">The kernel cannot carry the site.</exception>
    /// <exception cref="NodeFailure">Something else is in the way.</exception>
    public static async Task RunAsync(LoadedConfig config, string file)
    {
        NodeOptions options = config.Node;
        LogThreshold threshold = new(options.Log.Level);
        LogFeed feed = new();
        using ILoggerFactory loggers = LoggerFactory.Create(
            logging => logging.AddLbConsole(options.Log.Format, threshold, feed));
        ILogger log = loggers.CreateLogger("Lb.Host");
        log.Starting(BuildVersion.Text, options.Site, file, config.Site.Services.Count);

        // What can fail without the kernel comes before anything in it is changed.
        using Signals signals = new();
        RemoteOptions? remote = options.Access.Remote;
        ServerCertificate? certificate = remote is null ? null : new ServerCertificate(remote);
        Supervisor supervisor = new();
        RelayListeners relayed = new();
        using RelayEngine relays = new(loggers.CreateLogger<RelayEngine>(), options.ToDatapathOptions(), relayed);
        bool follows = Predecessor.Follow(relays, supervisor, log);
        using Socket admin = AdminSocket.Bind(options.Admin, "lb.admin");
        using Socket? elsewhere = remote is null ? null : AdminSocket.Bind(remote.Endpoint, "lb.admin.remote");
        ImmutableArray<ApiListener> listeners = [new ApiListener(admin, options.Access.LocalRole)];
        if (elsewhere is not null)
        {
            listeners = listeners.Add(new ApiListener(elsewhere, AccessRole.None, certificate));
        }

        await using WebApplication host = NodeHost.Build(listeners, loggers, services => services
            .AddSingleton(threshold)
            .AddSingleton(feed)
            .AddSingleton(new AnnouncerStart(follows))
            .AddSingleton<IRelayEngine>(relays)
            .AddSingleton(relayed)
            .AddSingleton(provider => KernelDatapath.Open(
                options.ToDatapathOptions() with { Follows = follows },
                provider.GetRequiredService<ILogger<KernelDatapath>>(),
                relayed))
            .AddLbNode(config, file));
        ActorSystem system = CreateSystem(host.Services);
        KernelDatapath datapath = host.Services.GetRequiredService<KernelDatapath>();
        await host.StartAsync();

        NodeState state = host.Services.GetRequiredService<NodeState>();
        state.File = Path.GetFullPath(file);
        state.Config = config;
        SiteClient site = host.Services.GetRequiredService<SiteClient>();
        AnnouncerPart announcer = host.Services.GetRequiredService<AnnouncerPart>();
        Reloader reloader = new(config, file, site, state, threshold, certificate, log);
        Task serving = Task.WhenAll(
            reloader.RunAsync(signals.Reloads, signals.Ending),
            ServeAsync(site, state, options, relays, supervisor, log, signals.Ending));
        Task<HandoverOffer> successor = SuccessorAsync(signals, options, log);
        Task ended = await Task.WhenAny(
            Waiting.ForAsync(signals.Ending), system.WhenTerminated, Failure(serving), successor);
        if (ended == successor)
        {
            relays.Hold();
            announcer.Leave();
            signals.End();
        }
        else if (!signals.Ending.IsCancellationRequested)
        {
            await ended;
            throw new NodeFailure("The actor system has ended; the kernel forwards on. The log says why.");
        }
        else
        {
            state.Draining = true;
            await announcer.HandOverAsync(log, signals.Hurrying);
            await DrainAsync(reloader.Options.Shutdown, log, signals.Hurrying);
            await site.ReturnSlicesAsync(endsRelays: true, signals.Hurrying);
        }

        await host.StopAsync();
        await system.WhenTerminated;
        await serving;
        if (ended == successor)
        {
            datapath.Dispose();
            using HandoverOffer offer = await successor;
            Give(offer, relays, log);
            return;
        }

        LeaveKernel(reloader.Options, datapath, log);
    }

    /// <summary>Waits until the first tables are in the kernel.</summary>
    private static async Task ServeAsync(
        SiteClient site,
        NodeState state,
        NodeOptions options,
        RelayEngine relays,
        Supervisor supervisor,
        ILogger log,
        CancellationToken stop)
    {
        if (await Readiness.TellAsync(site, state, options, log, stop) is { } snapshot)
        {
            relays.DropUnclaimed(snapshot.Services
                .Where(service => service.Mode == ForwardingMode.Tproxy)
                .Select(service => service.Vip)
                .ToHashSet());
            supervisor.TellReady();
        }
    }

    /// <summary>Ends when there is a process that is ready to take this one's place, which may be never.</summary>
    private static async Task<HandoverOffer> SuccessorAsync(Signals signals, NodeOptions options, ILogger log)
    {
        string path = Successor.PathOf(options.ToDatapathOptions());
        while (true)
        {
            await signals.Handovers.ReadAsync();
            if (await Successor.StartAsync(path, log, signals.Ending) is { } offer)
            {
                return offer;
            }
        }
    }

    private static void Give(HandoverOffer offer, RelayEngine relays, ILogger log)
    {
        try
        {
            HandoverReport report = offer.Give(relays);
            log.HandedOver(report.Connections, report.Listeners, report.Left);
        }
        catch (KernelException reason)
        {
            log.HandOverFailed(reason.Message);
        }
    }

    /// <summary>Starts the actor system, with no actor of the node in it yet.</summary>
    /// <exception cref="NodeFailure">The <c>akka</c> section cannot be used.</exception>
    private static ActorSystem CreateSystem(IServiceProvider services)
    {
        try
        {
            return services.GetRequiredService<ActorSystem>();
        }
        catch (Exception e)
        {
            throw new NodeFailure(
                $"The actor system cannot be started with the akka section, correct it: {e.Message}",
                e,
                ExitCode.Usage);
        }
    }

    /// <summary>Ends when one of the tasks that serve the node fails; never when they succeed.</summary>
    private static async Task Failure(Task serving)
    {
        await serving;
        await Task.Delay(Timeout.InfiniteTimeSpan);
    }

    private static async Task DrainAsync(
        ShutdownOptions options, ILogger log, CancellationToken hurry)
    {
        if (options.Drain > TimeSpan.Zero && !options.KeepForwarding)
        {
            log.Draining(Durations.Show(options.Drain));
            await Waiting.DelayAsync(options.Drain, hurry);
        }
    }

    /// <summary>The actors have ended, so nobody writes any more.</summary>
    private static void LeaveKernel(NodeOptions options, KernelDatapath datapath, ILogger log)
    {
        if (options.Shutdown.KeepForwarding)
        {
            log.EndedForwarding(options.Site);
            return;
        }

        datapath.Detach();
        log.EndedClean(options.Site);
    }
}
