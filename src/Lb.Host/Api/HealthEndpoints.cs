using Lb.Host.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Lb.Host.Api;

/// <summary><c>/health/live</c> and <c>/health/ready</c>.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", LiveAsync).Describe("health", "Whether the node's actors answer.");
        routes.MapGet("/health/ready", ReadyAsync).Describe("health", "Whether the node takes traffic.");
    }

    private static async Task<Results<Ok<HealthResource>, ProblemHttpResult>> LiveAsync(
        SiteClient site, CancellationToken stop)
    {
        await site.GetServicesAsync(stop);
        return TypedResults.Ok(new HealthResource("live"));
    }

    private static async Task<Results<Ok<HealthResource>, ProblemHttpResult>> ReadyAsync(
        SiteClient site, NodeState state, CancellationToken stop)
    {
        string? why = !state.Started ? "The first tables are not in the kernel yet."
            : state.Draining ? "The node is ending."
            : state.Drained ? "The node is drained; `pbm cluster drain --undo` ends that."
            : !SiteClient.IsWell(await site.GetServicesAsync(stop))
            ? "The kernel refuses what is written to it; see /api/v1/node."
            : null;
        return why is null
            ? TypedResults.Ok(new HealthResource("ready"))
            : new CommandProblem(StatusCodes.Status503ServiceUnavailable, "not-ready", why, "try again in a moment").ToResult();
    }
}
