namespace Lb.Actors;

/// <summary>This node's table of a service, and how it stands to those of the others. It outlives the service's being made anew.</summary>
internal sealed class TableWatch
{
    /// <summary>The table; of none while it is 0.</summary>
    public VoteValue Own { get; set; }

    /// <summary>Since when it is another than most nodes have; null while it is not.</summary>
    public long? ApartSince { get; set; }

    /// <summary>When it was last to be repaired.</summary>
    public long? RepairedAt { get; set; }

    /// <summary>That it stays another is said.</summary>
    public bool IsApart { get; set; }

    /// <summary>Since when the service is not there; null while it is.</summary>
    public long? GoneSince { get; set; }
}
