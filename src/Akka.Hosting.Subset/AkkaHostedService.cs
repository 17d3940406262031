using Akka.Actor;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Akka.Hosting;

/// <summary>Starts the actor system with the host and ends it by a coordinated shutdown with the host.</summary>
internal sealed partial class AkkaHostedService(
    AkkaConfigurationBuilder builder,
    IServiceProvider services,
    ILogger<AkkaHostedService> log,
    IHostApplicationLifetime? host = null)
    : IHostedService
{
    private CoordinatedShutdown? _shutdown;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            var system = services.GetRequiredService<ActorSystem>();
            _shutdown = CoordinatedShutdown.Get(system);
            await builder.StartAsync(system).ConfigureAwait(false);
            _ = EndWithAsync(system);
        }
        catch (Exception e)
        {
            LogFailedStart(log, e);

            // What has been started already does not outlive the failure.
            await StopAsync(cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) =>
        _shutdown?.Run(CoordinatedShutdown.ClrExitReason.Instance) ?? Task.CompletedTask;

    /// <summary>An actor system that ends by itself takes the host with it.</summary>
    private async Task EndWithAsync(ActorSystem system)
    {
        await system.WhenTerminated.ConfigureAwait(false);
        host?.StopApplication();
    }

    [LoggerMessage(LogLevel.Critical, "The actor system cannot be started; the host's start fails.")]
    private static partial void LogFailedStart(ILogger log, Exception cause);
}
