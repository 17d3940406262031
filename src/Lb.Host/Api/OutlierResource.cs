using System.Globalization;
using Lb.Actors;
using Lb.Kernel;

namespace Lb.Host.Api;

/// <summary>What the relay holds of a backend because of failures it saw.</summary>
/// <param name="EjectedUntil">Till when it is passed over; null when it is not.</param>
/// <param name="Why">The failure that ejected it last: refused, timeout, reset or silent.</param>
/// <param name="Ejections">How often it was ejected.</param>
internal sealed record OutlierResource(DateTimeOffset? EjectedUntil, string Why, long Ejections)
{
    public static OutlierResource? From(RelayOutlierReport? outlier) => outlier is null
        ? null
        : new OutlierResource(outlier.Until, Word.Of(outlier.Why), outlier.Ejected);

    /// <summary>A backend's state in words, with what its relay does beside it.</summary>
    public static string StateOf(BackendSnapshot backend) => (backend.Backup ? "backup, " : "") + WordsOf(backend);

    private static string WordsOf(BackendSnapshot backend) => (backend.Outlier, backend.State, backend.DrainEnd) switch
    {
        ({ Until: { } until }, BackendState.Up, _) => $"up, ejected until {until.UtcDateTime:HH:mm:ss}Z",
        (_, BackendState.Draining, { } over) when backend.DrainOver => $"drained, time over at {over.UtcDateTime:HH:mm:ss}Z",
        (_, BackendState.Draining, { } end) => $"draining until {end.UtcDateTime:HH:mm:ss}Z",
        (_, BackendState.Up, _) when backend.Ramp is { } ramp =>
            string.Create(CultureInfo.InvariantCulture, $"up, at {ramp * 100:0.#} % (slow-start)"),
        _ => Word.Of(backend.State),
    };
}
