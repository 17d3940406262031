using Lb.Kernel;
using Microsoft.Extensions.Logging;

namespace Lb.Actors;

/// <summary>What the actors of a site work with, handed down by constructor.</summary>
public sealed record SiteContext(
    IDatapath Datapath, INeighbours Neighbours, IProber Prober, TimeProvider Clock, ILoggerFactory Loggers)
{
    /// <summary>Relays connections; null where there is nothing to do it, and services that need it say so.</summary>
    public IRelayEngine? Relays { get; init; }

    /// <summary>The other nodes that vote on backends; null for a node that is alone and goes by its own probes.</summary>
    public IVotePeers? Voters { get; init; }

    /// <summary>The other nodes that flows are shared with; null for a node that is alone.</summary>
    public IClusterMates? Sharers { get; init; }

    /// <summary>Is told when the node has caught up with others; null for a node that is alone.</summary>
    public JoinGate? Gate { get; init; }

    /// <summary>Where what is shared is written for who reads it.</summary>
    public SharingBoard? Sharing { get; init; }

    /// <summary>What limits of relays are shared with other nodes by; null for a node that is alone, whose limits are its own.</summary>
    public SliceParts? Slices { get; init; }

    /// <summary>Where nodes share the site's config and tokens; null for a node that has its own.</summary>
    public JournalPlace? Shared { get; init; }

    /// <summary>The node's part in full-nat: its own addresses.</summary>
    public FullNatSettings FullNat { get; init; } = FullNatSettings.None;

    /// <summary>Monotonic time in ticks of 100 ns.</summary>
    public long Now => Clock.GetElapsedTime(0).Ticks;
}
