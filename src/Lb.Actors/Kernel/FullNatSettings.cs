using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>What a node has for full-nat. It is the node's own: replies come to whoever has the address.</summary>
/// <param name="Sources">Addresses and ports that its flows are sent from.</param>
/// <param name="Linger">How long a port rests after both ends of a connection have closed it.</param>
public sealed record FullNatSettings(ImmutableHashSet<FullNatSource> Sources, TimeSpan Linger)
{
    /// <summary>Longer than a backend remembers a connection that it has closed: 60 s on Linux.</summary>
    public static TimeSpan DefaultLinger { get; } = TimeSpan.FromSeconds(64);

    /// <summary>Of a node that has no address for it.</summary>
    public static FullNatSettings None { get; } = new([], DefaultLinger);
}
