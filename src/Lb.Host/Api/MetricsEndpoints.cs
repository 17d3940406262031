using System.Text;
using Lb.Host.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Lb.Host.Api;

/// <summary><c>/metrics</c>.</summary>
internal static class MetricsEndpoints
{
    public static void MapMetrics(this IEndpointRouteBuilder routes) => routes.MapGet("/metrics", GetAsync)
        .Describe("state", "What is measured, as Prometheus text.")
        .Produces<string>(StatusCodes.Status200OK, "text/plain");

    private static async Task<ContentHttpResult> GetAsync(
        SiteObserver observer, MetricCollector collector, CancellationToken stop) => TypedResults.Text(
        PrometheusText.Write(await observer.CollectAsync(collector.Collect, stop)),
        PrometheusText.ContentType,
        Encoding.UTF8);
}
