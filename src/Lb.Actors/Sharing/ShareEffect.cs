using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>What is to be done on the word of a <see cref="ShareBook"/>.</summary>
internal abstract record ShareEffect
{
    /// <summary>Send bytes to a node.</summary>
    internal sealed record Send(string To, byte[] Message) : ShareEffect;

    /// <summary>Write entries to the kernel, in order with others, and say so.</summary>
    internal sealed record Write(ImmutableArray<SharedFlow> Entries, ShareReceipt Receipt) : ShareEffect;

    /// <summary>Read the entries that the kernel has, for a node that asked.</summary>
    internal sealed record Read(string For, long Session) : ShareEffect;

    /// <summary>Tell a service what others say of its slots.</summary>
    internal sealed record Tell(ulong Service, PeerSlots Slots) : ShareEffect;

    /// <summary>What a node knows was taken over.</summary>
    internal sealed record TookOver(string From, int Entries) : ShareEffect;

    /// <summary>Something of a node's news is lost, and it is asked for all.</summary>
    internal sealed record Lost(string From) : ShareEffect;

    /// <summary>The node has what the others know.</summary>
    internal sealed record CaughtUp : ShareEffect;

    /// <summary>The node was without others for so long that it joins anew.</summary>
    internal sealed record Rejoins : ShareEffect;
}

/// <summary>What a write of entries was for.</summary>
/// <param name="From">Who told of them.</param>
/// <param name="Life">Its life.</param>
/// <param name="Feed">Its feed.</param>
/// <param name="Position">How far that is read with them.</param>
/// <param name="EndsSession">They were the last of what was asked for in this session; 0 for none.</param>
internal readonly record struct ShareReceipt(string From, long Life, long Feed, long Position, long EndsSession);
