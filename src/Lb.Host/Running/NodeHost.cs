using System.Net;
using System.Net.Sockets;
using Lb.Host.Api;
using Lb.Host.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Running;

/// <summary>Makes the one host of a process: its actors start first and end last, its API the other way round.</summary>
internal static class NodeHost
{
    /// <summary>For requests under way; the actors end by the timeouts of their coordinated shutdown.</summary>
    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(2);

    /// <summary>Makes the host, with the API on a socket that listens already.</summary>
    public static WebApplication Build(Socket listener, ILoggerFactory loggers, Action<IServiceCollection> compose)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ApplicationName = "lbd",
            // Settings come from the site file alone, not from files or variables that happen to be around.
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environments.Production,
        });
        builder.Configuration.Sources.Clear();
        builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = _ => listener);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(listener.LocalEndPoint!);
        });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, OwnedLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = EndTime);
        // A page in somebody's browser must not reach the API by a name that it made point here.
        builder.Services.AddHostFiltering(hosts => hosts.AllowedHosts =
            ["localhost", "127.0.0.1", "[::1]", $"{((IPEndPoint)listener.LocalEndPoint!).Address}"]);
        builder.Services.AddAdminApi();
        builder.Services.AddMetricReading();
        compose(builder.Services);

        WebApplication host = builder.Build();
        host.UseHostFiltering();
        host.MapAdminApi();
        return host;
    }

    /// <summary>The process decides when the host ends, not the host's own handling of signals.</summary>
    private sealed class OwnedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
