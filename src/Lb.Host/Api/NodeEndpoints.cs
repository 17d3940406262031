using Lb.Host.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Lb.Host.Api;

/// <summary><c>/api/v1/node</c>.</summary>
internal static class NodeEndpoints
{
    public static void MapNode(this IEndpointRouteBuilder routes) => routes.MapGet("/api/v1/node", GetAsync)
        .Describe("state", "The node: its config, interfaces and what the kernel counts.");

    private static async Task<Ok<NodeResource>> GetAsync(SiteClient site, NodeState state, CancellationToken stop) =>
        TypedResults.Ok(NodeResource.From(await site.GetServicesAsync(stop), state));
}
