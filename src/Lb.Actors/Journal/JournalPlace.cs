namespace Lb.Actors;

/// <summary>Where a site's config and tokens are kept.</summary>
/// <param name="Name">What stands for the site there: its own name, or that of the cluster whose nodes share it.</param>
public sealed record JournalPlace(string Name)
{
    /// <summary>Path of the journal's plug-in; null for the default one.</summary>
    public string? JournalPlugin { get; init; }

    /// <summary>Path of the snapshot store's plug-in; null for the default one.</summary>
    public string? SnapshotPlugin { get; init; }

    /// <summary>
    /// Path of the store that knows the last state in this process (<see cref="KnownSnapshotStore"/>); null for none.
    /// </summary>
    public string? KnownPlugin { get; init; }

    /// <summary>
    /// What a node that shares it goes by is kept in the node's own, default journal too: it starts by that while this one is away.
    /// </summary>
    public bool KeepsCopy { get; init; }

    /// <summary>The nodes that share it with this one; null for a node that has it for itself.</summary>
    public IConfigPeers? Peers { get; init; }

    /// <summary>Whether others write there too.</summary>
    public bool IsShared => Peers is not null;

    /// <summary>
    /// The info of a change with the node at which it was asked for: addresses of clients and names of files say too
    /// little where there are several nodes.
    /// </summary>
    public ChangeInfo At(ChangeInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        return Peers is { } peers ? info with { From = $"{info.From} at {peers.Self}" } : info;
    }
}
