using System.Collections.Immutable;
using Npgsql;

namespace Lb.Host.Configuration;

/// <summary>Names, choices and other text.</summary>
internal static class TextKinds
{
    public static ScalarKind<string> SiteName { get; } = new(
        "1 to 32 characters of a-z, 0-9 and \"-\"",
        "choose a name of these characters",
        text => Matches(text, 32, c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'));

    /// <summary>Name of a service or a backend: a path element of the API and of actors.</summary>
    public static ScalarKind<string> ElementName { get; } = new(
        "a letter or digit, then up to 62 letters, digits, \"-\" and \"_\"",
        "choose a name of these characters",
        text => text.Length > 0 && char.IsAsciiLetterOrDigit(text[0])
            ? Matches(text, 63, c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            : NotAName(text));

    /// <summary>The kernel takes 15 bytes without white space, "/" and ":".</summary>
    public static ScalarKind<string> InterfaceName { get; } = new(
        "the name of a network interface, at most 15 characters",
        "`ip -brief link` lists the interfaces",
        text => text is "." or ".."
            ? NotAName(text)
            : Matches(text, 15, c => char.IsAscii(c) && !char.IsControl(c) && c is not (' ' or '/' or ':')));

    public static ScalarKind<string> AbsolutePath { get; } = new(
        "an absolute path",
        "start the path with \"/\"",
        text => text.StartsWith('/') && !text.Any(char.IsControl)
            ? Reading<string>.Of(text)
            : Reading<string>.Wrong($"{Quote.Text(text)} is no absolute path"));

    /// <summary>Where lines are written to: a file, or "-" for standard output.</summary>
    public static ScalarKind<string> LogTarget { get; } = new(
        "the absolute path of a file, or \"-\" for standard output",
        "start the path with \"/\"",
        text => text == "-" || (text.StartsWith('/') && !text.EndsWith('/') && !text.Any(char.IsControl))
            ? Reading<string>.Of(text)
            : Reading<string>.Wrong($"{Quote.Text(text)} is no absolute path of a file"));

    /// <summary>Request target of a probe; what is not visible ASCII would break the request.</summary>
    public static ScalarKind<string> RequestPath { get; } = new(
        "a path of visible ASCII characters that starts with \"/\"",
        "percent-encode other characters",
        text => text.StartsWith('/') && text.Length <= 1024 && text.All(c => c is > ' ' and <= '~' and not '#')
            ? Reading<string>.Of(text)
            : Reading<string>.Wrong($"{Quote.Text(text)} is no request path"));

    public static ScalarKind<string> HostHeader { get; } = new(
        "the name of a host, with or without a port",
        "write the name as it should stand in the Host header",
        text => text.Length is > 0 and <= 255
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or ':' or '[' or ']')
            ? Reading<string>.Of(text)
            : Reading<string>.Wrong($"{Quote.Text(text)} is no host"));

    /// <summary>Connection string of Npgsql, or nothing.</summary>
    public static ScalarKind<string> PostgresConnection { get; } = new(
        "a connection string as in \"Host=db.example;Database=lb;Username=lb\"",
        "write pairs of a keyword and a value with \";\" between them",
        text =>
        {
            try
            {
                _ = new NpgsqlConnectionStringBuilder(text);
                return Reading<string>.Of(text);
            }
            catch (Exception e) when (e is ArgumentException or FormatException)
            {
                // The text is not shown: it may hold a password.
                return Reading<string>.Wrong($"this is no connection string ({e.Message})");
            }
        });

    /// <summary>A password of a BGP session, or nothing.</summary>
    public static ScalarKind<string> SessionPassword { get; } = new(
        "at most 80 visible ASCII characters other than quotes and backslashes",
        "choose a password of these characters",
        text => text.Length <= 80 && text.All(c => c is >= ' ' and <= '~' and not ('"' or '\\'))
            ? Reading<string>.Of(text)
            : Reading<string>.Wrong("this is no such password")); // The text is not shown.

    /// <summary>Where a collector of metrics listens, or nothing.</summary>
    public static ScalarKind<string> CollectorUrl { get; } = new(
        "the URL of a collector as in \"http://collector.example:4317\"",
        "write http:// or https://, a host and a port",
        text => text.Length == 0
            || (Uri.TryCreate(text, UriKind.Absolute, out Uri? url)
                && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
                && url.Query.Length + url.Fragment.Length + url.UserInfo.Length == 0)
            ? Reading<string>.Of(text)
            : Reading<string>.Wrong($"{Quote.Text(text)} is no such URL"));

    /// <summary>One of a few words.</summary>
    public static ScalarKind<T> Choice<T>(params (string Word, T Value)[] choices)
    {
        ImmutableArray<string> words = [.. choices.Select(c => c.Word)];
        Dictionary<string, T> values = choices.ToDictionary(c => c.Word, c => c.Value, StringComparer.Ordinal);
        return new(
            "one of " + string.Join(", ", words),
            "write one of these",
            text => values.TryGetValue(text, out T? value)
                ? Reading<T>.Of(value)
                : Reading<T>.Wrong(
                    $"{Quote.Text(text)} is not known",
                    Nearest.To(text, words) is { } near ? $"did you mean \"{near}\"?" : null));
    }

    public static ScalarKind<bool> Boolean { get; } = Choice(
        ("true", true), ("false", false), ("yes", true), ("no", false), ("on", true), ("off", false));

    private static Reading<string> Matches(string text, int longest, Func<char, bool> allowed)
    {
        return text.Length > 0 && text.Length <= longest && text.All(allowed)
            ? Reading<string>.Of(text)
            : NotAName(text);
    }

    private static Reading<string> NotAName(string text) =>
        Reading<string>.Wrong($"{Quote.Text(text)} is no such name");
}
