using System.Text.RegularExpressions;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>What the text of a log event must be.</summary>
internal sealed class TextMatch(string description, Func<string, bool> matches)
{
    internal static TextMatch Of(string? message, string? start, string? contains) =>
        (message, start, contains) switch
        {
            ({ } whole, _, _) => new($" \"{whole}\"", text => text == whole),
            (_, { } begin, _) => new($" that start with \"{begin}\"", text => text.StartsWith(begin)),
            (_, _, { } part) => new($" that contain \"{part}\"", text => text.Contains(part)),
            _ => new("", static _ => true),
        };

    internal static TextMatch Of(Regex pattern) => new($" that match /{pattern}/", pattern.IsMatch);

    internal bool Matches(object message) => matches(message.ToString() ?? "");

    /// <summary>
    /// Whether an event comes from a source: a reference as it prints itself, a path with or without the address,
    /// or the name of a class.
    /// </summary>
    internal static bool IsSource(LogEvent logEvent, string? source)
    {
        if (source is null || logEvent.LogSource == source)
        {
            return true;
        }

        var path = Path(logEvent.LogSource);
        var wanted = Path(source);
        return path == wanted || (wanted.StartsWith('/') && path.Contains("://") && WithoutAddress(path) == wanted);
    }

    public override string ToString() => description;

    // [akka://system/user/name#uid] and akka://system/user/name are the same place.
    private static string Path(string source) => source.TrimStart('[').TrimEnd(']').Split('#')[0];

    private static string WithoutAddress(string path)
    {
        var slash = path.IndexOf('/', path.IndexOf("://") + 3);
        return slash < 0 ? path : path[slash..];
    }
}
