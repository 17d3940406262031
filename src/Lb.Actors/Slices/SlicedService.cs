namespace Lb.Actors;

/// <summary>A service whose limits nodes share, as this node knows it.</summary>
/// <param name="number">The service's number.</param>
internal sealed class SlicedService(ulong number)
{
    public ulong Number => number;

    /// <summary>The limits, and what this node has of each.</summary>
    public Dictionary<SliceKey, SliceHolding> Limits { get; } = [];

    /// <summary>This node's relay runs.</summary>
    public bool Relays { get; set; }

    /// <summary>The node that this one follows.</summary>
    public string Owner { get; private set; } = "";

    /// <summary>Its session; 0 for nobody's.</summary>
    public long Session { get; private set; }

    /// <summary>Since when this node follows it.</summary>
    public long Since { get; private set; }

    /// <summary>When its last sign of life came that was answered by a vote: it counts the vote from when it sent that.</summary>
    public long VotedAt { get; set; }

    /// <summary>The books, where others follow this node.</summary>
    public SliceLedger Ledger { get; } = new();

    /// <summary>Follows another owner.</summary>
    public void Follow(string owner, long session, long now)
    {
        (Owner, Session, Since) = (owner, session, now);
        foreach (SliceHolding limit in Limits.Values)
        {
            limit.Follow();
        }
    }
}
