using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>What a service tells the vote; it passes through the service's supervisors.</summary>
internal abstract record ToVotes
{
    /// <summary>
    /// The sender has backends to be probed, which go by these verdicts, and wants to be told. Within
    /// <paramref name="Rise"/> probes have found out that a backend is up.
    /// </summary>
    internal sealed record Join(string Service, Endpoint Vip, ImmutableArray<ProbeTarget> Targets, TimeSpan Rise) : ToVotes
    {
        /// <summary>How long a backend that comes up takes to have its whole weight; zero: it has it at once.</summary>
        public TimeSpan SlowStart { get; init; }
    }

    /// <summary>The node's own probes have come to a verdict.</summary>
    internal sealed record Seen(string Service, Endpoint Backend, HealthVerdict Verdict) : ToVotes;

    /// <summary>The node has a new table.</summary>
    internal sealed record Built(string Service, string Digest, ulong Pool) : ToVotes;
}

/// <summary>The backends that this node is to probe.</summary>
internal sealed record ProbeShare(ImmutableHashSet<Endpoint> Backends);

/// <summary>The nodes have agreed on a backend.</summary>
internal sealed record BackendAgreed(Endpoint Backend, HealthVerdict Verdict, byte Step);

/// <summary>A service's table is another than most nodes have: it begins anew, with the config read again where that differs.</summary>
internal sealed record RepairService(string Service, bool LacksConfig);

/// <summary>Services whose tables are others than most nodes have, in spite of repair: the node is not to answer for VIPs.</summary>
internal sealed record TablesApart(ImmutableArray<string> Services);

/// <summary>The vote knows nothing, at the start or after a crash: services join it anew.</summary>
internal sealed record VotesReady;

/// <summary>Asks each service to join the vote, and to tell its table.</summary>
internal sealed record TellVotes;

/// <summary>Asks for what is known of the vote; answered with <see cref="VotesSnapshot"/> or <see cref="NoVotes"/>.</summary>
public sealed record GetVotes;

/// <summary>The node is alone and goes by its own probes.</summary>
public sealed record NoVotes;

/// <summary>The vote on backends, as one node knows it.</summary>
/// <param name="Self">Where the node is.</param>
/// <param name="Quorum">How many probers must say the same.</param>
/// <param name="Services">By name.</param>
public sealed record VotesSnapshot(string Self, int Quorum, ImmutableArray<VotedServiceSnapshot> Services);

/// <summary>A service that nodes vote on.</summary>
/// <param name="Name">Name.</param>
/// <param name="Owner">The node that decides.</param>
/// <param name="Term">The owner's term, as this node has it from what was decided last; empty while nothing was.</param>
/// <param name="Backends">Its backends.</param>
/// <param name="Tables">The tables that nodes have, this one's first.</param>
public sealed record VotedServiceSnapshot(
    string Name, string Owner, string Term, ImmutableArray<VotedBackendSnapshot> Backends, ImmutableArray<NodeTable> Tables);

/// <summary>A backend that nodes vote on.</summary>
/// <param name="Backend">The backend.</param>
/// <param name="Agreed">What is agreed.</param>
/// <param name="Views">What its probers see.</param>
public sealed record VotedBackendSnapshot(Endpoint Backend, HealthVerdict Agreed, ImmutableArray<BackendView> Views);

/// <summary>What a node sees of a backend.</summary>
/// <param name="Node">The node.</param>
/// <param name="Verdict">What it sees; unknown while it has not looked, or is not heard.</param>
public sealed record BackendView(string Node, HealthVerdict Verdict);

/// <summary>The table that a node has of a service.</summary>
/// <param name="Node">The node.</param>
/// <param name="Digest">Fingerprint of the slots, 16 hex digits; null while it is not known.</param>
/// <param name="SamePool">It is built from the pool that this node has configured.</param>
public sealed record NodeTable(string Node, string? Digest, bool SamePool);
