using System.Net;

namespace Lb.Actors;

/// <summary>What a probe found.</summary>
/// <param name="Success">The backend answered as it should.</param>
/// <param name="Detail">What happened, in words.</param>
public readonly record struct ProbeResult(bool Success, string Detail);

/// <summary>Carries out probes.</summary>
public interface IProber
{
    /// <summary>Probes once.</summary>
    /// <param name="target">Address and port.</param>
    /// <param name="check">What to do.</param>
    /// <param name="cancellation">Cancelled when the probe's time is over.</param>
    /// <returns>A failure is a result, not an exception; being cancelled may be either.</returns>
    Task<ProbeResult> ProbeAsync(IPEndPoint target, HealthCheck check, CancellationToken cancellation);
}
