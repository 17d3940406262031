using Lb.Actors;
using Lb.Host.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Lb.Host.Api;

/// <summary><c>/api/v1/services</c>.</summary>
internal static class ServiceEndpoints
{
    public static void MapServices(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/services", GetAllAsync).Describe("state", "All services with their backends and counters.");
        routes.MapGet("/api/v1/services/{name}", GetOneAsync)
            .Describe("state", "One service.")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Ok<ServicesResource>> GetAllAsync(SiteClient site, CancellationToken stop)
    {
        ServicesSnapshot snapshot = await site.GetServicesAsync(stop);
        return TypedResults.Ok(new ServicesResource(
            snapshot.Site, snapshot.Config.Revision, [.. snapshot.Services.Select(ServiceResource.From)]));
    }

    private static async Task<Results<Ok<ServiceResource>, ProblemHttpResult>> GetOneAsync(
        string name, SiteClient site, CancellationToken stop)
    {
        ServicesSnapshot snapshot = await site.GetServicesAsync(stop);
        ServiceSnapshot? service = snapshot.Services.FirstOrDefault(s => s.Name == name);
        return service is null
            ? new CommandProblem(
                StatusCodes.Status404NotFound,
                "not-there",
                $"site {snapshot.Site} has no service of this name",
                "GET /api/v1/services lists them").ToResult()
            : TypedResults.Ok(ServiceResource.From(service));
    }
}
