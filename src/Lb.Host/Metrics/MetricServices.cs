using Lb.Actors;
using Lb.Host.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Lb.Host.Metrics;

/// <summary>Composes what measures a node.</summary>
internal static class MetricServices
{
    /// <summary>Adds the instruments and what reads them; before the actors, so that it hears all of them.</summary>
    public static IServiceCollection AddMetricReading(this IServiceCollection services) => services
        .AddSingleton<SiteObserver>()
        .AddSingleton<AnnouncerBoard>()
        .AddSingleton<SharingBoard>()
        .AddSingleton<SliceBoard>()
        .AddSingleton<NodeMeter>()
        .AddSingleton<MetricCollector>()
        .AddHostedService(provider => provider.GetRequiredService<MetricCollector>());

    /// <summary>Adds the export to a collector, where the configuration has one.</summary>
    public static IServiceCollection AddMetricExport(this IServiceCollection services, LoadedConfig config) =>
        config.Node.Metrics.OtlpEndpoint is null
            ? services
            : services.AddHostedService(provider => ActivatorUtilities.CreateInstance<OtlpExport>(provider, config));
}
