using Akka.Actor;
using Lb.Actors;
using Lb.Host.Configuration;
using Lb.Host.Logging;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Running;

/// <summary>Says once, in the log and to the API, that the first tables are in the kernel.</summary>
internal static class Readiness
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits for them.</summary>
    /// <returns>What the kernel has then; null when the process ends first.</returns>
    public static async Task<ServicesSnapshot?> TellAsync(
        SiteClient site, NodeState state, NodeOptions options, ILogger log, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var snapshot = await site.GetServicesAsync(stop);
                if (SiteClient.IsSettled(snapshot))
                {
                    state.Started = true;
                    log.Ready(
                        options.Site, snapshot.Services.Length, options.Admin,
                        options.Access.Remote is { } remote ? $" and https://{remote.Endpoint}" : "");
                    return snapshot;
                }
            }
            catch (Exception e) when (e is AskTimeoutException or OperationCanceledException)
            {
                // Asked again until it answers or the process ends.
            }

            await Waiting.DelayAsync(Interval, stop);
        }

        return null;
    }
}
