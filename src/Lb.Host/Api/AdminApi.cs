using Akka.Actor;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Lb.Host.Api;

/// <summary>The node's HTTP API.</summary>
internal static class AdminApi
{
    public static void AddAdminApi(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(
            json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));
        services.AddProblemDetails();
    }

    public static void MapAdminApi(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions { StatusCodeSelector = StatusOf });
        app.UseStatusCodePages();
        app.MapServices();
        app.MapNode();
        app.MapPalettes();
        app.MapDoctor();
        app.MapMetrics();
        app.MapHealth();
    }

    private static int StatusOf(Exception exception) => exception is AskTimeoutException
        ? StatusCodes.Status503ServiceUnavailable
        : StatusCodes.Status500InternalServerError;
}
