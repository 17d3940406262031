using Microsoft.Extensions.Logging;

namespace Lb.Actors;

/// <summary>What the actors log of a config that nodes share.</summary>
internal static partial class Log
{
    [LoggerMessage(2760, LogLevel.Information, "Site {Site}: revision {Revision} of {Who} from {From} holds here too: {What}.")]
    public static partial void ConfigFollowed(
        this ILogger log, string site, long revision, string who, string from, string what);

    [LoggerMessage(2761, LogLevel.Warning, "Site {Site}: the file {File} of this node is not the one that was applied last, and the site stays as it is. The file says otherwise: {What}. To put it in force on all nodes: pbm config apply. To keep the site: change the file.")]
    public static partial void ConfigFileDiffers(this ILogger log, string site, string file, string what);

    [LoggerMessage(2762, LogLevel.Error, "Site {Site}: its journal has gone back from revision {Before} to {After}: an older copy of the database was put in its place. What it says holds from now on; what was changed after it is lost.")]
    public static partial void ConfigWentBack(this ILogger log, string site, long before, long after);

    [LoggerMessage(2763, LogLevel.Information, "Site {Site}: {Journal} is read again: {Reason}")]
    public static partial void JournalWorkerEnded(this ILogger log, string site, string journal, string reason);

    [LoggerMessage(2764, LogLevel.Error, "Site {Site} starts by revision {Revision} as this node kept it at {Kept:u}, since the journal that nodes share cannot be read: {Reason} What was changed since then holds here when it can be.")]
    public static partial void StartedByCopy(this ILogger log, string site, long revision, DateTime kept, string reason);

    [LoggerMessage(2765, LogLevel.Warning, "Site {Site}: this node's copy of the config cannot be kept or read: {Reason} A start while the cluster's database is away goes by an older one, or by the node's file.")]
    public static partial void ConfigCopyFailed(this ILogger log, string site, string reason);
}
