using System.Text.Json.Serialization;
using Akka.Actor;
using Lb.Host.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Lb.Host.Api;

/// <summary>The node's HTTP API.</summary>
internal static class AdminApi
{
    public static void AddAdminApi(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
        });
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = PlainProblem.Complete);
        services.AddApiDocument();
    }

    public static void MapAdminApi(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions { StatusCodeSelector = StatusOf });
        app.UseStatusCodePages();
        app.UseAccess();
        app.MapServices();
        app.MapNode();
        app.MapPalettes();
        app.MapDoctor();
        app.MapMetrics();
        app.MapHealth();
        app.MapApiDocument();
    }

    private static int StatusOf(Exception exception) => exception is AskTimeoutException
        ? StatusCodes.Status503ServiceUnavailable
        : StatusCodes.Status500InternalServerError;
}
