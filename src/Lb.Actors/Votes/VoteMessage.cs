namespace Lb.Actors;

/// <summary>What nodes say to each other about what they say.</summary>
/// <param name="Feed">Which life of a feed it is about.</param>
internal abstract record VoteMessage(long Feed)
{
    /// <summary>The sender is there, and has written so much.</summary>
    internal sealed record Alive(long Feed, long Version) : VoteMessage(Feed);

    /// <summary>The sender has the receiver's feed up to a version, and lacks what came after.</summary>
    internal sealed record Want(long Feed, long Version) : VoteMessage(Feed);

    /// <summary>Part of the sender's feed.</summary>
    internal sealed record Part(long Feed, VoteChunk Chunk) : VoteMessage(Feed);
}
