using System.Net.Sockets;
using Akka.Actor;
using Lb.Host.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Api;

/// <summary>The node's HTTP API. It only reads.</summary>
internal static class AdminApi
{
    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(2);

    /// <summary>Makes the web application on a socket that listens already.</summary>
    public static WebApplication Build(Socket listener, ILoggerFactory loggers, SiteClient site, NodeState state)
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
        builder.Services.ConfigureHttpJsonOptions(
            json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));
        builder.Services.AddProblemDetails();
        builder.Services.AddSingleton(site);
        builder.Services.AddSingleton(state);

        WebApplication app = builder.Build();
        app.UseExceptionHandler(new ExceptionHandlerOptions { StatusCodeSelector = StatusOf });
        app.UseStatusCodePages();
        app.MapServices();
        app.MapNode();
        app.MapDoctor();
        app.MapHealth();
        return app;
    }

    private static int StatusOf(Exception exception) => exception is AskTimeoutException
        ? StatusCodes.Status503ServiceUnavailable
        : StatusCodes.Status500InternalServerError;

    /// <summary>The process decides when the host ends, not the host's own handling of signals.</summary>
    private sealed class OwnedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
