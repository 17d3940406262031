using System.Collections.Immutable;
using System.Net.Sockets;
using Akka.Actor;
using Lb.Actors;
using Lb.Host.Access;
using Lb.Host.CommandLine;
using Lb.Host.Configuration;
using Lb.Host.Logging;
using Lb.Kernel;
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
            .AddLbNode(config, file));
        ActorSystem system = CreateSystem(host.Services);
        KernelDatapath datapath = host.Services.GetRequiredService<KernelDatapath>();
        await host.StartAsync();

        NodeState state = host.Services.GetRequiredService<NodeState>();
        state.File = Path.GetFullPath(file);
        state.Config = config;
        SiteClient site = host.Services.GetRequiredService<SiteClient>();
        Reloader reloader = new(config, file, site, state, threshold, certificate, log);
        Task serving = Task.WhenAll(
            reloader.RunAsync(signals.Reloads, signals.Ending),
            Readiness.TellAsync(site, state, options, log, signals.Ending));
        Task ended = await Task.WhenAny(Waiting.ForAsync(signals.Ending), system.WhenTerminated, Failure(serving));
        if (!signals.Ending.IsCancellationRequested)
        {
            await ended;
            throw new NodeFailure("The actor system has ended; the kernel forwards on. The log says why.");
        }

        await DrainAsync(reloader.Options.Shutdown, state, log, signals.Hurrying);
        await host.StopAsync();
        await system.WhenTerminated;
        await serving;
        LeaveKernel(reloader.Options, datapath, log);
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
        ShutdownOptions options, NodeState state, ILogger log, CancellationToken hurry)
    {
        state.Draining = true;
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
