namespace Lb.Host.Configuration;

/// <summary>What TLS clients ask for.</summary>
internal static class TlsKinds
{
    private const int LongestName = 253;
    private const int LongestLabel = 63;
    private const int LongestProtocol = 255;
    private const string WildcardMend = "write \"*.\" before a whole name, as in \"*.shop.example\"";

    /// <summary>A name, or a wildcard for all names below one; in lower case, as it is compared.</summary>
    public static ScalarKind<string> Name { get; } = new(
        "a DNS name as in shop.example or \"*.shop.example\"",
        "write the name as clients ask for it",
        text => ReadName(text, text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text));

    /// <summary>A protocol as TLS numbers them by name.</summary>
    public static ScalarKind<string> Protocol { get; } = new(
        "the name of a protocol as in h2 or \"http/1.1\"",
        "write it as in IANA's list of ALPN protocol IDs",
        text => text.Length is > 0 and <= LongestProtocol && text.All(c => c is > ' ' and <= '~')
            ? Reading<string>.Of(text)
            : Reading<string>.Wrong($"{Quote.Text(text)} is no such name"));

    private static Reading<string> ReadName(string text, string name)
    {
        string[] labels = name.Split('.');
        return text.Contains('*') && (name.Contains('*') || name.Length == 0)
            ? Reading<string>.Wrong($"{Quote.Text(text)} has a wildcard that is not its whole first label", WildcardMend)
            : text.EndsWith('.')
            ? Reading<string>.Wrong($"{Quote.Text(text)} ends with a dot", "write the name without it")
            : !text.All(char.IsAscii)
            ? Reading<string>.Wrong(
                $"{Quote.Text(text)} is not as clients ask for it", "write its labels as \"xn--...\" (`idn2 NAME` prints them)")
            : labels[^1].Length > 0 && labels[^1].All(char.IsAsciiDigit)
            ? Reading<string>.Wrong($"{Quote.Text(text)} is an address", "write a name: clients ask for names only")
            : name.Length > LongestName || !labels.All(IsLabel)
            ? Reading<string>.Wrong($"{Quote.Text(text)} is no DNS name")
            : Reading<string>.Of(text.ToLowerInvariant());
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= LongestLabel
        && label[0] != '-'
        && label[^1] != '-'
        && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
