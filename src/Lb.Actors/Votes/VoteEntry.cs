namespace Lb.Actors;

/// <summary>What an entry is about.</summary>
internal enum VoteKind : byte
{
    /// <summary>What the node's own probes see of a backend.</summary>
    Seen = 1,

    /// <summary>What an owner has decided on a backend.</summary>
    Agreed = 2,

    /// <summary>The node's table of a service.</summary>
    Table = 3,
}

/// <summary>What an entry is about: of each there is one in a node's feed.</summary>
/// <param name="Kind">Kind.</param>
/// <param name="Service">Service, by <see cref="VoteHash"/>.</param>
/// <param name="Backend">Backend, likewise; 0 for a table.</param>
internal readonly record struct VoteKey(VoteKind Kind, ulong Service, ulong Backend);

/// <summary>What is said.</summary>
/// <param name="Verdict">Of what was seen or agreed; unknown takes it back.</param>
/// <param name="Stamp">Of what was agreed.</param>
/// <param name="Table">Digest of the slots.</param>
/// <param name="Pool">Digest of the configured pool that the table is of.</param>
/// <param name="Step">Of what was agreed on a backend that is up: its step of <see cref="SlowStart"/>; 0 for its whole weight.</param>
internal readonly record struct VoteValue(
    HealthVerdict Verdict, VoteStamp Stamp = default, ulong Table = 0, ulong Pool = 0, byte Step = 0);

/// <summary>An entry of a node's feed.</summary>
internal readonly record struct VoteEntry(VoteKey Key, VoteValue Value);
