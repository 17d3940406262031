using System.Collections.Concurrent;
using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>
/// The limits that relays of this node share with other nodes: relays write which there are, and what is known of them is
/// written for who reads it without asking.
/// </summary>
public sealed class SliceBoard
{
    private readonly ConcurrentDictionary<Endpoint, SlicedRelay> _relays = [];
    private volatile SlicesSnapshot? _current;

    /// <summary>What this node has, as it was about a second ago; null for a node that is alone.</summary>
    public SlicesSnapshot? Current
    {
        get => _current;
        internal set => _current = value;
    }

    /// <summary>The relays, by VIP.</summary>
    internal ImmutableArray<SlicedRelay> Relays => [.. _relays.Values];

    internal void Set(SlicedRelay relay) => _relays[relay.Vip] = relay;

    internal void Remove(Endpoint vip, RelayShares shares)
    {
        if (_relays.TryGetValue(vip, out SlicedRelay? known) && ReferenceEquals(known.Shares, shares))
        {
            _relays.TryRemove(KeyValuePair.Create(vip, known));
        }
    }
}

/// <summary>What nodes share limits of relays by.</summary>
/// <param name="Mates">The other nodes.</param>
/// <param name="Board">Where relays and what they may use are known.</param>
public sealed record SliceParts(IClusterMates Mates, SliceBoard Board);

/// <summary>A relay whose limits nodes share.</summary>
/// <param name="Service">Name of the service.</param>
/// <param name="Vip">Its VIP.</param>
/// <param name="Connections">Most connections of it.</param>
/// <param name="BackendConnections">Most connections to a backend; 0 for any number.</param>
/// <param name="Backends">The backends.</param>
/// <param name="Shares">What the relay may use.</param>
internal sealed record SlicedRelay(
    string Service,
    Endpoint Vip,
    int Connections,
    int BackendConnections,
    ImmutableHashSet<Endpoint> Backends,
    RelayShares Shares)
{
    /// <summary>A relay with these settings and this table.</summary>
    public static SlicedRelay Of(string service, Endpoint vip, RelaySettings settings, RelayTable table, RelayShares shares) => new(
        service,
        vip,
        settings.Connections,
        settings.Limits.BackendConnections,
        settings.Limits.BackendConnections > 0 ? table.Kept.Union(table.Backends.Values) : [],
        shares);
}
