using System.Diagnostics.Metrics;
using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting;
using Akka.Persistence.Sql.Hosting;
using Lb.Actors;
using Lb.Actors.Wire;
using Lb.Cluster.Transport;
using Lb.Hocon;
using Lb.Host.Commands;
using Lb.Host.Configuration;
using Lb.Host.FlowLog;
using Lb.Host.Logging;
using Lb.Host.Metrics;
using Lb.Kernel;
using Lb.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Running;

/// <summary>What a node is composed of.</summary>
internal static class NodeServices
{
    /// <summary>One log and one owner of the process's end: both are the host's.</summary>
    private const string Ours = """
        akka {
          stdout-loglevel = OFF
          loglevel = WARNING
          coordinated-shutdown.run-by-clr-shutdown-hook = off
        }
        """;

    /// <summary>
    /// Adds a node's actors and what they work with. Of kernel, neighbours, prober and clock it takes what is there
    /// already: tests bring their own.
    /// </summary>
    /// <param name="services">Services of the host.</param>
    /// <param name="config">What the node is to be.</param>
    /// <param name="file">Where that was read.</param>
    /// <exception cref="NodeFailure">The folder of the journal cannot be had.</exception>
    public static IServiceCollection AddLbNode(this IServiceCollection services, LoadedConfig config, string file)
    {
        (string provider, string connection) = config.Node.OpenJournal();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IProber, SocketProber>();
        services.TryAddSingleton<INeighbours>(
            provider => new Neighbours(provider.GetRequiredService<ILogger<Neighbours>>()));
        services.TryAddSingleton(provider => KernelDatapath.Open(
            config.Node.ToDatapathOptions(),
            provider.GetRequiredService<ILogger<KernelDatapath>>(),
            provider.GetRequiredService<RelayListeners>()));
        services.TryAddSingleton<IDatapath>(provider => provider.GetRequiredService<KernelDatapath>());
        services.TryAddSingleton<IRelayEngine>(
            provider => new RelayEngine(
                provider.GetRequiredService<ILogger<RelayEngine>>(),
                config.Node.ToDatapathOptions(),
                provider.GetRequiredService<RelayListeners>()));
        services.TryAddSingleton<RelayListeners>();
        services.TryAddSingleton<LogFeed>();
        services.TryAddSingleton(new LogThreshold(config.Node.Log.Level));
        services.AddSingleton<NodeState>();
        services.AddSingleton<SiteClient>();
        services.AddSingleton<CommandContext>();
        services.AddSingleton(provider =>
        {
            ClusterPart part = new(
                config.Node.Cluster, provider.GetRequiredService<ILoggerFactory>().CreateLogger("Lb.Host"));
            provider.GetRequiredService<NodeState>().Mesh = part.Transport?.Mesh;
            return part;
        });
        services.TryAddSingleton(new AnnouncerStart(Follows: false));
        services.AddSingleton(config);
        services.TryAddSingleton<AnnouncerBoard>();
        services.AddSingleton<JoinGate>();
        services.TryAddSingleton<SharingBoard>();
        services.TryAddSingleton<SliceBoard>();
        services.AddSingleton<AnnouncerPart>();
        services.AddSingleton<OrderlyLeave>();
        services.AddMetricExport(config);
        services.AddFlowLog(config);
        return services.AddAkka("lb", (akka, host) => akka
            .AddHocon(Ours, HoconAddMode.Append)
            .ConfigureLoggers(loggers => loggers.ClearLoggers().AddLogger<ActorLogForwarder>())
            .AddHocon(Section(config.Root), HoconAddMode.Prepend)
            .WithSqlPersistence(connection, provider)
            .WithSharedJournal(config.Node.Cluster)
            .AddSetup(JsonContractSerializer.Setup(WireContracts.Create()))
            .WithActors((system, _) => system.ActorOf(
                DeadLetters(host.GetRequiredService<NodeMeter>().DeadLetters), "dead-letter-counter"))
            .WithActors((system, _) => system.ActorOf(
                FlowLogServices.NamesActor(host.GetRequiredService<FlowLogNames>()), "flow-log-names"))
            .WithActors((system, _) => host.GetRequiredService<ClusterPart>().StartAsync(system))
            .WithActors((system, registry) => registry.Register<SiteActor>(
                system.ActorOf(Site(config.ToApply(file, "start"), config.Node, host), "site")))
            .WithActors((system, registry) => host.GetRequiredService<AnnouncerPart>().Start(
                system, registry.Get<SiteActor>()))
            .WithActors((_, _) => host.GetRequiredService<OrderlyLeave>().Listen()));
    }

    /// <summary>The <c>akka</c> section of the site file; it stands above everything else.</summary>
    private static Config Section(HoconObject root) => root.TryGetField(SiteKeys.Akka, out HoconField akka)
        ? ConfigurationFactory.ParseString(HoconRenderer.ToJson(new HoconObject([akka])))
        : ConfigurationFactory.Empty;

    private static Props DeadLetters(Counter<long> counter) => Props.Create(() => new DeadLetterCounter(counter));

    private static Props Site(ApplyConfig start, NodeOptions node, IServiceProvider provider) => SiteActor.Props(
        start,
        provider.GetRequiredService<IDatapath>(),
        provider.GetRequiredService<INeighbours>(),
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<IProber>(),
        provider.GetRequiredService<ILoggerFactory>(),
        provider.GetRequiredService<IRelayEngine>(),
        provider.GetRequiredService<ClusterPart>().Node is { } voter
            ? new ClusterVoters(voter, node.Cluster!.Probers)
            : null,
        provider.GetRequiredService<ClusterPart>().Node is { } member
            ? new SharingParts(
                new ClusterMates(member, ClusterSubsystem.Flows),
                provider.GetRequiredService<JoinGate>(),
                provider.GetRequiredService<SharingBoard>())
            : null,
        SharedJournal.PlaceOf(node.Cluster, provider.GetRequiredService<ClusterPart>().Node, node.Journal),
        provider.GetRequiredService<ClusterPart>().Node is { } mate
            ? new SliceParts(new ClusterMates(mate, ClusterSubsystem.Limits), provider.GetRequiredService<SliceBoard>())
            : null,
        node.FullNat);
}
