using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting;
using Lb.Actors;
using Lb.Hocon;
using Lb.Host.Configuration;
using Lb.Host.Logging;
using Lb.Kernel;
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
    public static IServiceCollection AddLbNode(this IServiceCollection services, LoadedConfig config)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IProber, SocketProber>();
        services.TryAddSingleton<INeighbours>(
            provider => new Neighbours(provider.GetRequiredService<ILogger<Neighbours>>()));
        services.TryAddSingleton(provider => KernelDatapath.Open(
            config.Node.ToDatapathOptions(), provider.GetRequiredService<ILogger<KernelDatapath>>()));
        services.TryAddSingleton<IDatapath>(provider => provider.GetRequiredService<KernelDatapath>());
        services.AddSingleton<NodeState>();
        services.AddSingleton<SiteClient>();
        return services.AddAkka("lb", (akka, provider) => akka
            .AddHocon(Ours, HoconAddMode.Append)
            .ConfigureLoggers(loggers => loggers.ClearLoggers().AddLogger<ActorLogForwarder>())
            .AddHocon(Section(config.Root), HoconAddMode.Prepend)
            .WithActors((system, registry) => registry.Register<SiteActor>(
                system.ActorOf(Site(config.Site, provider), "site"))));
    }

    /// <summary>The <c>akka</c> section of the site file; it stands above everything else.</summary>
    private static Config Section(HoconObject root) => root.TryGetField(SiteKeys.Akka, out HoconField akka)
        ? ConfigurationFactory.ParseString(HoconRenderer.ToJson(new HoconObject([akka])))
        : ConfigurationFactory.Empty;

    private static Props Site(SiteConfig site, IServiceProvider provider) => SiteActor.Props(
        site,
        provider.GetRequiredService<IDatapath>(),
        provider.GetRequiredService<INeighbours>(),
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<IProber>(),
        provider.GetRequiredService<ILoggerFactory>());
}
