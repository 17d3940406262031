using System.Collections.Immutable;
using System.Net.Security;
using System.Security.Authentication;
using Lb.Host.Access;
using Lb.Host.Api;
using Lb.Host.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Running;

/// <summary>Makes the one host of a process: its actors start first and end last, its API the other way round.</summary>
internal static class NodeHost
{
    /// <summary>For requests under way; the actors end by the timeouts of their coordinated shutdown.</summary>
    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(2);

    /// <summary>Operators and scrapers are few; local connections are not counted.</summary>
    private const int MostRemoteConnections = 256;

    /// <summary>A command is a few names and values.</summary>
    private const long LargestRequest = 256 * 1024;

    /// <summary>Makes the host, with the API on sockets that listen already; the first is for this host's users.</summary>
    public static WebApplication Build(
        ImmutableArray<ApiListener> listeners, ILoggerFactory loggers, Action<IServiceCollection> compose)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ApplicationName = "lbd",
            // Settings come from the site file alone, not from files or variables that happen to be around.
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environments.Production,
        });
        builder.Configuration.Sources.Clear();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = endpoint =>
            listeners.First(listener => endpoint.Equals(listener.Socket.LocalEndPoint)).Socket);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestRequest;
            foreach (ApiListener listener in listeners)
            {
                kestrel.Listen(listener.Socket.LocalEndPoint!, endpoint => Configure(endpoint, listener));
            }
        });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, OwnedLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = EndTime);
        builder.Services.AddAccess();
        builder.Services.AddAdminApi();
        builder.Services.AddMetricReading();
        compose(builder.Services);

        WebApplication host = builder.Build();
        host.MapAdminApi();
        return host;
    }

    private static void Configure(ListenOptions endpoint, ApiListener listener)
    {
        endpoint.Use(next => connection =>
        {
            connection.Features.Set(listener);
            return next(connection);
        });
        if (listener.Certificate is { } certificate)
        {
            ConnectionLimit limit = new(MostRemoteConnections);
            endpoint.Use(next => connection => limit.RunAsync(connection, next));
            endpoint.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = certificate.Current,
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                }),
            });
        }
    }

    /// <summary>The process decides when the host ends, not the host's own handling of signals.</summary>
    private sealed class OwnedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
