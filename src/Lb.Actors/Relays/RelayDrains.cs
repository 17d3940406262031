using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>
/// Since when backends take no new connections because they drain or have left the config, and which of them have had their
/// time. Pure.
/// </summary>
/// <param name="Since">By backend, in ticks of 100 ns.</param>
internal sealed record RelayDrains(ImmutableDictionary<Endpoint, long> Since)
{
    public static readonly RelayDrains None = new(ImmutableDictionary<Endpoint, long>.Empty);

    /// <summary>Those that have connections and are not kept drain, from now on or as before; others do not.</summary>
    public RelayDrains With(RelayTable table, RelayReport report, long now) => new(report.Backends
        .Where(backend => !table.Kept.Contains(backend.Key)
            && (backend.Value.Open > 0 || table.Backends.ContainsValue(backend.Key)))
        .ToImmutableDictionary(backend => backend.Key, backend => Since.GetValueOrDefault(backend.Key, now)));

    /// <summary>Those whose time is over.</summary>
    public ImmutableArray<Endpoint> Over(TimeSpan timeout, long now) => timeout == TimeSpan.Zero
        ? []
        : [.. Since.Where(drain => now - drain.Value >= timeout.Ticks).Select(drain => drain.Key)];

    /// <summary>Time until the next is over; null when there is none.</summary>
    public TimeSpan? Next(TimeSpan timeout, long now) => timeout == TimeSpan.Zero
        ? null
        : Since.Values
            .Select(since => since + timeout.Ticks - now)
            .Where(left => left > 0)
            .Select(left => (TimeSpan?)TimeSpan.FromTicks(left))
            .Min();

    /// <summary>The moments at which what is left of them is reset; none when they have all the time.</summary>
    public ImmutableDictionary<Endpoint, DateTimeOffset> Deadlines(TimeSpan timeout, long now, DateTimeOffset clock) =>
        timeout == TimeSpan.Zero
            ? ImmutableDictionary<Endpoint, DateTimeOffset>.Empty
            : Since.ToImmutableDictionary(
                drain => drain.Key, drain => clock.AddTicks(drain.Value + timeout.Ticks - now));

    /// <summary>The table with those cut off whose time is over.</summary>
    public RelayTable Cut(RelayTable table, TimeSpan timeout, long now) => table with
    {
        Cut = table.Cut.AddRange(Over(timeout, now)
            .Where(backend => !table.Cut.ContainsKey(backend))
            .Select(backend => KeyValuePair.Create(backend, RelayEnd.Drain))),
    };
}
