using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Host.Api;

/// <summary>Connections of a relay whose bytes the kernel moves.</summary>
/// <param name="Now">Those that it carries now.</param>
/// <param name="Moved">Those that it was given.</param>
/// <param name="TakenBack">Those of them that went back to the loop, as one side took less than the other sent.</param>
/// <param name="Bytes">What it has moved, both ways.</param>
/// <param name="Fault">Why it carries none; null when it can.</param>
internal sealed record SockmapResource(long Now, long Moved, long TakenBack, long Bytes, string? Fault)
{
    /// <summary>Connections that stayed with the loop, by reason; one without any is not there.</summary>
    public ImmutableSortedDictionary<string, long> Fallbacks { get; init; } =
        ImmutableSortedDictionary<string, long>.Empty;

    public static SockmapResource From(RelaySockmapReport report) => new(
        report.Now, report.Moved, report.TakenBack, report.Bytes, report.Fault)
    {
        Fallbacks = report.Fallbacks.ToImmutableSortedDictionary(count => WordOf(count.Key), count => count.Value),
    };

    /// <summary>The word of a reason.</summary>
    public static string WordOf(RelayFallback why) => why switch
    {
        RelayFallback.HalfClosed => "half-closed",
        RelayFallback.NoRoom => "no-room",
        RelayFallback.Urgent => "urgent",
        _ => "refused",
    };
}
