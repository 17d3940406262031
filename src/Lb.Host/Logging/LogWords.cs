using Microsoft.Extensions.Logging;

namespace Lb.Host.Logging;

/// <summary>Levels as the site file, commands and the log's readers write them.</summary>
internal static class LogWords
{
    /// <summary>Levels that can be set, the noisiest first.</summary>
    public static readonly string[] Levels = ["trace", "debug", "info", "warning", "error"];

    public static string Of(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => "critical",
    };

    /// <summary>The level of a word; null when it is none.</summary>
    public static LogLevel? Find(string word) =>
        Array.IndexOf(Levels, word) is >= 0 and int level ? (LogLevel)level : null;
}
