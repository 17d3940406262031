using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>A backend that takes no new flows, and keeps those that it has for a while.</summary>
/// <param name="Since">Since when.</param>
/// <param name="Deadline">When its time is over; null when it has all the time.</param>
public sealed record PoolDrain(DateTimeOffset Since, DateTimeOffset? Deadline)
{
    /// <summary>Its time is over.</summary>
    public bool IsOver(DateTimeOffset now) => Deadline <= now;
}

/// <summary>The backends of a service that drain, or have left the config. Pure.</summary>
/// <param name="Drains">By backend.</param>
internal sealed record PoolDrains(ImmutableDictionary<Endpoint, PoolDrain> Drains)
{
    public static readonly PoolDrains None = new(ImmutableDictionary<Endpoint, PoolDrain>.Empty);

    /// <summary>Those that drain now. Of one that the journal says nothing of, as while it is away, the time begins now.</summary>
    /// <param name="state">The service.</param>
    /// <param name="since">Since when, by the journal.</param>
    /// <param name="now">The time of day.</param>
    public PoolDrains With(ServiceState state, ImmutableDictionary<Endpoint, DateTimeOffset> since, DateTimeOffset now) =>
        new(state.Members.Values
            .Where(member => member.Drains)
            .ToImmutableDictionary(
                member => member.Socket,
                member => Of(
                    member,
                    since.TryGetValue(member.Socket, out DateTimeOffset known) ? known
                        : Drains.GetValueOrDefault(member.Socket)?.Since ?? now,
                    state.Config.Pool.DrainDeadline)));

    /// <summary>Those whose time is over.</summary>
    public ImmutableHashSet<Endpoint> Over(DateTimeOffset now) =>
        [.. Drains.Where(drain => drain.Value.IsOver(now)).Select(drain => drain.Key)];

    /// <summary>Time until the next is over; null when there is none.</summary>
    public TimeSpan? Next(DateTimeOffset now) => Drains.Values
        .Where(drain => drain.Deadline > now)
        .Select(drain => drain.Deadline - now)
        .Min();

    private static PoolDrain Of(PoolMember member, DateTimeOffset since, TimeSpan deadline)
    {
        TimeSpan time = member.DrainDeadline ?? deadline;
        return new PoolDrain(since, time == TimeSpan.Zero ? null : since + time);
    }
}
