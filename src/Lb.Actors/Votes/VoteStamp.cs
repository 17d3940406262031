namespace Lb.Actors;

/// <summary>
/// Says which of two words on the same backend counts: the higher one. An owner's stamps are above all that it has met, so
/// that what an earlier owner says late counts for nothing.
/// </summary>
/// <param name="Epoch">Revision of the table of members that the owner went by when it began: grows with each change of who is in.</param>
/// <param name="Round">Grows with each owner that began within the same epoch: one that the others cannot reach is replaced before the table says so.</param>
/// <param name="Serial">Grows with each word of an owner.</param>
/// <param name="Node">The owner, by <see cref="VoteMember.Hash"/>: two that began without knowing of each other still have an order.</param>
internal readonly record struct VoteStamp(long Epoch, uint Round, uint Serial, ulong Node) : IComparable<VoteStamp>
{
    /// <inheritdoc/>
    public int CompareTo(VoteStamp other) =>
        (Epoch, Round, Node, Serial).CompareTo((other.Epoch, other.Round, other.Node, other.Serial));

    /// <summary>The first stamp of a new owner that has met this one as the highest.</summary>
    /// <param name="epoch">Revision of the table that it goes by.</param>
    /// <param name="node">The owner.</param>
    public VoteStamp Succeed(long epoch, ulong node) =>
        epoch > Epoch ? new VoteStamp(epoch, 0, 0, node) : new VoteStamp(Epoch, Round + 1, 0, node);

    /// <summary>Whether both are of one owner's time.</summary>
    public bool IsSameTerm(VoteStamp other) => Epoch == other.Epoch && Round == other.Round && Node == other.Node;

    /// <summary>The owner's time, for people.</summary>
    public override string ToString() => $"{Epoch}.{Round}";
}
