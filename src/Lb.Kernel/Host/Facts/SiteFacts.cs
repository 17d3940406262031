namespace Lb.Kernel.Host;

/// <summary>The site's traces on this host.</summary>
public sealed record SiteFacts
{
    /// <summary>Whether its maps are pinned: a process runs it, or one that ran it left them.</summary>
    public bool Pinned { get; init; }

    /// <summary>What a start would do with them; null when there are none, or they could not be read.</summary>
    public StartForecast? Start { get; init; }

    /// <summary>The file that is locked while a process runs it.</summary>
    public required string LockPath { get; init; }

    /// <summary>Who has that lock; null when nobody has.</summary>
    public ProcessReference? LockHolder { get; init; }
}

/// <summary>Another process, or this one.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Command">Name of its program; null when it cannot be told.</param>
/// <param name="SharesNetwork">Whether it is in the same network namespace; null when that cannot be told.</param>
public sealed record ProcessReference(int Id, string? Command, bool? SharesNetwork)
{
    /// <summary>As sentences name it.</summary>
    public override string ToString() => Command is null ? $"process {Id}" : $"process {Id} ({Command})";
}

/// <summary>A directory that is written to.</summary>
/// <param name="Path">Where it is to be.</param>
/// <param name="Problem">Why it cannot be written to; null when it can.</param>
/// <param name="FreeBytes">Bytes that are free there.</param>
/// <param name="FreeFiles">Files that can still be made there; null when there is no such limit.</param>
public sealed record DirectoryFacts(string Path, string? Problem, long? FreeBytes, long? FreeFiles);

/// <summary>An address that is listened on.</summary>
/// <param name="Problem">Why it cannot be bound now; null when it can.</param>
/// <param name="Taken">Somebody listens on it.</param>
/// <param name="Holder">Who listens on it; null when nobody does, or it cannot be told.</param>
public sealed record ListenerFacts(string? Problem, bool Taken, ProcessReference? Holder);
