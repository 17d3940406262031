using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>What operators see of it.</summary>
internal sealed partial class ShareBook
{
    private long _sentAgain;

    /// <summary>What is known now.</summary>
    public SharingSnapshot Report(long now) => new(
        _self,
        _isEstablished,
        Lacks,
        _entries,
        [.. _others.OrderBy(other => other.Address, StringComparer.Ordinal).Select(other => Report(other, now))])
    {
        SentAgain = _sentAgain,
        Untold = _untold.Count,
    };

    private SharedPeerSnapshot Report(VoteMember other, long now)
    {
        if (!_peers.TryGetValue(other.Address, out Peer? peer))
        {
            return new SharedPeerSnapshot(other.Address, other.IsReachable, false, false, _last, 0, _entries, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, 0, 0, 0);
        }

        KeptPart? waiting = _kept.Find(Math.Max(peer.AckLast + 1, _kept.Floor));
        return new SharedPeerSnapshot(
            other.Address,
            other.IsReachable,
            !peer.NeedsAll,
            peer.IsEstablished,
            _last,
            peer.AckLast,
            peer.AckLast >= _last ? 0 : Math.Max(_entries - peer.AckEntries, 0),
            waiting is null ? TimeSpan.Zero : TimeSpan.FromTicks(now - waiting.At),
            peer.Lags.Quantile(0.5),
            peer.Lags.Quantile(0.99),
            peer.Heard,
            peer.Position,
            peer.Resyncs);
    }
}

/// <summary>Asks for what is known of flows that nodes share; answered with <see cref="SharingSnapshot"/> or <see cref="NoSharing"/>.</summary>
public sealed record GetSharing;

/// <summary>The node is alone and shares no flows.</summary>
public sealed record NoSharing;

/// <summary>What a node tells others of flows, and is told.</summary>
/// <param name="Self">Where the node is.</param>
/// <param name="IsEstablished">It has what the others know, and has been there without a gap since.</param>
/// <param name="Lacks">What it lacks; null for nothing.</param>
/// <param name="Entries">Flow entries told to others since the node started.</param>
/// <param name="Peers">The others.</param>
public sealed record SharingSnapshot(
    string Self, bool IsEstablished, string? Lacks, long Entries, ImmutableArray<SharedPeerSnapshot> Peers)
{
    /// <summary>Messages that were sent once more, for somebody who had lost them.</summary>
    public long SentAgain { get; init; }

    /// <summary>Services of which the slots are still to be told.</summary>
    public int Untold { get; init; }

    /// <summary>Entries that the kernel had no room to tell of.</summary>
    public long Lost { get; init; }
}

/// <summary>What goes between this node and another.</summary>
/// <param name="Node">The other.</param>
/// <param name="IsReachable">It answers.</param>
/// <param name="IsWhole">All that it knew was taken over.</param>
/// <param name="IsEstablished">It says that it has what others know.</param>
/// <param name="Sent">Number of the last message that was sent.</param>
/// <param name="Confirmed">Number of the last that it has written, with all before.</param>
/// <param name="Behind">Entries that it has not confirmed.</param>
/// <param name="Lag">Age of the oldest message that it has not confirmed.</param>
/// <param name="LagMedian">Time from sending to confirmation, of the newest 512: half of them took no longer.</param>
/// <param name="LagTail">99 of 100 took no longer.</param>
/// <param name="Heard">Entries heard from it.</param>
/// <param name="Position">Number of its last message that was heard, with all before.</param>
/// <param name="Resyncs">How many times it had to be asked for all once more.</param>
public sealed record SharedPeerSnapshot(
    string Node,
    bool IsReachable,
    bool IsWhole,
    bool IsEstablished,
    long Sent,
    long Confirmed,
    long Behind,
    TimeSpan Lag,
    TimeSpan LagMedian,
    TimeSpan LagTail,
    long Heard,
    long Position,
    long Resyncs);
