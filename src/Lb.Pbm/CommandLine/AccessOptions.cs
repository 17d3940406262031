namespace Lb.Pbm.CommandLine;

/// <summary>How a host is told who asks, and known for what it is.</summary>
/// <param name="TokenFile">File that holds the token; null for none.</param>
/// <param name="Token">The token itself; null for none.</param>
/// <param name="CaFile">PEM file of the authorities whose certificates are believed; null for the system's.</param>
internal sealed record AccessOptions(string? TokenFile, string? Token, string? CaFile)
{
    /// <summary>The options with a value after <c>--name</c> or <c>--name=</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = ["--token-file", "--ca"];

    /// <summary>What the environment says.</summary>
    public static AccessOptions Of(Func<string, string?> environment) => new(
        NotEmpty(environment("PBM_TOKEN_FILE")), NotEmpty(environment("PBM_TOKEN")), NotEmpty(environment("PBM_CA")));

    /// <summary>Takes the option at <paramref name="at"/> with its value, if it is one of these.</summary>
    /// <returns>The options with it, and how many words it took; 0 when it is none.</returns>
    public (AccessOptions Options, int Taken) Take(IReadOnlyList<string> words, int at)
    {
        string[] parts = words[at].Split('=', 2);
        if (!Names.Contains(parts[0]))
        {
            return (this, 0);
        }

        string? value = parts.Length > 1 ? parts[1] : at + 1 < words.Count ? words[at + 1] : null;
        if (string.IsNullOrEmpty(value))
        {
            throw PbmException.Usage("missing-value", $"{parts[0]} needs a value.", "Write the path of a file after it.");
        }

        // A file that is named here goes before a token that happens to be in the environment.
        return (
            parts[0] == "--ca" ? this with { CaFile = value } : this with { TokenFile = value, Token = null },
            parts.Length > 1 ? 1 : 2);
    }

    private static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
