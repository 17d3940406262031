using Lb.Host.Doctor;
using Lb.Host.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Lb.Host.Api;

/// <summary><c>/api/v1/doctor</c>.</summary>
internal static class DoctorEndpoints
{
    public static void MapDoctor(this IEndpointRouteBuilder routes)
    {
        // One examination at a time: each asks neighbours and loads the program once.
        SemaphoreSlim gate = new(1);
        routes.MapGet("/api/v1/doctor", (NodeState state, SiteClient site, CancellationToken stop) =>
                GetAsync(state, site, gate, stop))
            .Describe("state", "Examines the host: what is wrong with it, and what mends it.");
    }

    private static async Task<Results<Ok<DoctorResource>, ProblemHttpResult>> GetAsync(
        NodeState state, SiteClient site, SemaphoreSlim gate, CancellationToken stop)
    {
        if (state.Config is not { } config)
        {
            return CommandProblem.Starting.ToResult();
        }

        await gate.WaitAsync(stop);
        try
        {
            // It waits for neighbours' answers on its thread.
            DoctorReport report = await Task.Run(() => HostDoctor.Examine(config.Site, config.Node), stop);
            return TypedResults.Ok(DoctorResource.From(NodeFindings.AddTo(report, await site.GetServicesAsync(stop))));
        }
        finally
        {
            gate.Release();
        }
    }
}
