using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>What nodes say to each other about flows.</summary>
/// <param name="Feed">Which life of whose feed it is about.</param>
internal abstract record ShareMessage(long Feed)
{
    /// <summary>The sender is there.</summary>
    /// <param name="Feed">Its feed.</param>
    /// <param name="Last">Number of its last part.</param>
    /// <param name="Floor">Number of the first part that it still has.</param>
    /// <param name="Established">It has been in the cluster without a gap.</param>
    /// <param name="AckFeed">The receiver's feed, as the sender knows it.</param>
    /// <param name="AckLast">How far the sender has that.</param>
    internal sealed record Alive(long Feed, long Last, long Floor, bool Established, long AckFeed, long AckLast) : ShareMessage(Feed);

    /// <summary>The sender lacks parts of the receiver's feed.</summary>
    internal sealed record Missing(long Feed, long From, long To) : ShareMessage(Feed);

    /// <summary>News.</summary>
    internal sealed record Part(long Feed, long Number, ShareContent Content) : ShareMessage(Feed);

    /// <summary>The sender wants all that the receiver knows.</summary>
    /// <param name="Session">The sender's number for that.</param>
    /// <param name="Index">From which page on.</param>
    internal sealed record Ask(long Session, int Index) : ShareMessage(0);

    /// <summary>A page of what the sender knows.</summary>
    /// <param name="Feed">Its feed.</param>
    /// <param name="At">Number of the part that was the last before it was read.</param>
    /// <param name="Session">The receiver's number for it.</param>
    /// <param name="Index">Which page.</param>
    /// <param name="Total">How many there are; 0 when the session is not known any more.</param>
    /// <param name="Content">What is on it.</param>
    internal sealed record Page(long Feed, long At, long Session, int Index, int Total, ShareContent Content) : ShareMessage(Feed);
}

/// <summary>What is in a message.</summary>
internal abstract record ShareContent
{
    /// <summary>Flow entries.</summary>
    internal sealed record Flows(ImmutableArray<SharedFlow> Entries) : ShareContent;

    /// <summary>A part of what is said of a service's slots.</summary>
    /// <param name="Serial">Number of what is said: a later one replaces it.</param>
    /// <param name="Index">Which part.</param>
    /// <param name="Total">How many parts there are.</param>
    /// <param name="Service">Of which service.</param>
    /// <param name="Bytes">The part (<see cref="SlotCodec"/>).</param>
    internal sealed record Slots(long Serial, int Index, int Total, ulong Service, ReadOnlyMemory<byte> Bytes) : ShareContent;
}
