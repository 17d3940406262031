using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>One limit that nodes share.</summary>
/// <param name="Service">The service's number.</param>
/// <param name="Backend">The backend's number; 0 for the limit of the service itself.</param>
internal readonly record struct SliceKey(ulong Service, ulong Backend);

/// <summary>What nodes say to each other about the limits that they share.</summary>
/// <param name="Session">Tells the sender's life, and its part's, from those before: grows.</param>
internal abstract record SliceMessage(long Session)
{
    /// <summary>The sender is there.</summary>
    /// <param name="Session">Its session.</param>
    /// <param name="Stamp">Its time.</param>
    /// <param name="Level">What it understands: <see cref="KnowsEnds"/>; 0 for releases before that.</param>
    /// <param name="Resigns">It gives no slices any more, with this session.</param>
    internal sealed record Hello(long Session, long Stamp, int Level = 0, bool Resigns = false) : SliceMessage(Session)
    {
        /// <summary>The <see cref="Level"/> of who understands <see cref="Resigns"/> and <see cref="SliceClaim.Ends"/>.</summary>
        public const int KnowsEnds = 1;
    }

    /// <summary>The sender takes the receiver for the owner of some services, votes for it, and wants its slices renewed.</summary>
    /// <param name="Session">Its session.</param>
    /// <param name="To">The receiver's session.</param>
    /// <param name="Echo">The receiver's last <see cref="Hello.Stamp"/>.</param>
    /// <param name="Stamp">The sender's time.</param>
    /// <param name="Votes">Its vote counts: the sender is old enough to have voted for nobody else in an earlier life.</param>
    /// <param name="Entries">What it has.</param>
    internal sealed record Claim(
        long Session, long To, long Echo, long Stamp, bool Votes, ImmutableArray<SliceClaim> Entries) : SliceMessage(Session);

    /// <summary>The sender gives slices.</summary>
    /// <param name="Session">Its session.</param>
    /// <param name="To">The receiver's session.</param>
    /// <param name="Echo">The <see cref="Claim.Stamp"/> that is answered: leases count from there.</param>
    /// <param name="Entries">The slices.</param>
    internal sealed record Grant(long Session, long To, long Echo, ImmutableArray<SliceGrant> Entries) : SliceMessage(Session);

    /// <summary>The sender wants to know what the receiver has, for people.</summary>
    /// <param name="Session">Its session.</param>
    /// <param name="Number">Number of the question.</param>
    internal sealed record Ask(long Session, long Number) : SliceMessage(Session);

    /// <summary>Answers a question.</summary>
    /// <param name="Session">The sender's session.</param>
    /// <param name="Number">Number of the question.</param>
    /// <param name="IsLast">Nothing follows.</param>
    /// <param name="Entries">What the sender has.</param>
    internal sealed record Told(long Session, long Number, bool IsLast, ImmutableArray<SliceHeld> Entries) : SliceMessage(Session);
}

/// <summary>What a node has of a limit, as it tells the owner.</summary>
/// <param name="Key">The limit.</param>
/// <param name="Relays">The node's relay runs: no process before it has connections that are not counted here.</param>
/// <param name="Serial">Number of the last grant that it has taken.</param>
/// <param name="Holds">What it may use; 0 when its lease is over.</param>
/// <param name="Used">What it uses.</param>
/// <param name="Hungry">It would use more than it may.</param>
/// <param name="Ends">It admits nothing any more with this session, whatever it is given: only what it uses counts.</param>
internal readonly record struct SliceClaim(
    SliceKey Key, bool Relays, long Serial, int Holds, int Used, bool Hungry, bool Ends = false);

/// <summary>What a node is given.</summary>
/// <param name="Key">Of which limit.</param>
/// <param name="Serial">Grows with each grant of one owner.</param>
/// <param name="Amount">How much it may use.</param>
internal readonly record struct SliceGrant(SliceKey Key, long Serial, int Amount);

/// <summary>What a node has of a limit, as it tells people.</summary>
/// <param name="Key">The limit.</param>
/// <param name="Amount">What it may use; -1 when it counts for itself.</param>
/// <param name="Used">What it uses.</param>
/// <param name="Left">How long its lease runs, in ms.</param>
internal readonly record struct SliceHeld(SliceKey Key, int Amount, int Used, int Left);
