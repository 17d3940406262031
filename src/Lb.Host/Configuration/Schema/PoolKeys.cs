using System.Collections.Immutable;
using Lb.Actors;

namespace Lb.Host.Configuration;

/// <summary>Keys of a service on how it uses its pool.</summary>
internal static class PoolKeys
{
    public static readonly ValueKey<double> PanicThreshold = new("panic-threshold", NumberKinds.Share);

    public static readonly SectionKey Drain = new("drain", Section.Of(Drains.Deadline, Drains.Then));

    public static readonly ValueKey<TimeSpan> SlowStart = new(
        "slow-start", DurationKinds.WordOr("off", Lb.Actors.SlowStart.Shortest, TimeSpan.FromHours(1)));

    public static readonly ValueKey<double> SlowStartFrom = new("slow-start-from", NumberKinds.Share);

    public static readonly ImmutableArray<Key> Keys = [PanicThreshold, SlowStart, SlowStartFrom, Drain];

    /// <summary><c>drain</c>.</summary>
    internal static class Drains
    {
        /// <summary>How long a backend has.</summary>
        public static readonly ScalarKind<TimeSpan> Time =
            DurationKinds.WordOr("never", TimeSpan.FromSeconds(1), TimeSpan.FromDays(30));

        public static readonly ValueKey<TimeSpan> Deadline = new("deadline", Time);

        public static readonly ValueKey<DrainThen> Then = new(
            "then", TextKinds.Choice(("reset", DrainThen.Reset), ("keep", DrainThen.Keep)));
    }
}
