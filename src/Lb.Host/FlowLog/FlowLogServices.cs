using Akka.Actor;
using Lb.Host.Configuration;
using Lb.Host.Running;
using Microsoft.Extensions.DependencyInjection;

namespace Lb.Host.FlowLog;

/// <summary>Composes the flow log.</summary>
internal static class FlowLogServices
{
    /// <summary>Adds the writer and what it works with.</summary>
    public static IServiceCollection AddFlowLog(this IServiceCollection services, LoadedConfig config) => services
        .AddSingleton(new FlowLogTarget(config.Node.FlowLogPath))
        .AddSingleton<FlowLogNames>()
        .AddSingleton(provider => provider.GetRequiredService<NodeState>().FlowLog)
        .AddHostedService<FlowLogWriter>();

    /// <summary>The actor that keeps the names.</summary>
    public static Props NamesActor(FlowLogNames names) => Props.Create(() => new FlowLogNamesActor(names));
}
