using System.Collections.Immutable;

namespace Lb.Host.Configuration;

/// <summary>Keys of a service on how it uses its pool.</summary>
internal static class PoolKeys
{
    public static readonly ValueKey<double> PanicThreshold = new("panic-threshold", NumberKinds.Share);

    public static readonly ImmutableArray<Key> Keys = [PanicThreshold];
}
