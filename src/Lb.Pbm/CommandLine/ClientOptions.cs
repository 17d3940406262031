namespace Lb.Pbm.CommandLine;

/// <summary>How answers are printed.</summary>
internal enum OutputFormat
{
    Table,
    Json,
}

/// <summary>What is asked of <c>pbm</c> itself.</summary>
/// <param name="Output">How answers are printed.</param>
/// <param name="Watch">The command is repeated this often; null for once.</param>
/// <param name="Timeout">How long an answer is waited for.</param>
internal sealed record ClientOptions(OutputFormat Output, TimeSpan? Watch, TimeSpan Timeout)
{
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(2);

    public static ClientOptions Default { get; } = new(OutputFormat.Table, null, TimeSpan.FromMinutes(2));

    /// <summary>The options with a value after <c>--name</c> or <c>--name=</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = ["--output", "--watch", "--timeout"];

    /// <summary>How errors about words are printed that are not understood yet.</summary>
    public OutputFormat FormatFor(IReadOnlyList<string> words)
    {
        bool wantsJson = words.Contains("--output=json")
            || words.Zip(words.Skip(1)).Contains(("--output", "json"));
        return wantsJson ? OutputFormat.Json : Output;
    }

    /// <summary>Takes the option at <paramref name="at"/> with its value, if it is one of <c>pbm</c>'s own.</summary>
    /// <returns>The options with it, and how many words it took; 0 when it is none.</returns>
    public (ClientOptions Options, int Taken) Take(IReadOnlyList<string> words, int at)
    {
        string[] parts = words[at].Split('=', 2);
        string? attached = parts.Length > 1 ? parts[1] : null;
        string? next = attached ?? (at + 1 < words.Count ? words[at + 1] : null);
        int taken = attached is null ? 2 : 1;
        switch (parts[0])
        {
            case "--output":
                return (this with { Output = ParseOutput(next) }, taken);
            case "--timeout":
                return (this with { Timeout = ParseDuration(parts[0], next) }, taken);
            case "--watch" when attached is null && (next is null || !Duration.Resembles(next)):
                return (this with { Watch = DefaultInterval }, 1);
            case "--watch":
                return (this with { Watch = ParseDuration(parts[0], next) }, taken);
            default:
                return (this, 0);
        }
    }

    private static OutputFormat ParseOutput(string? word) => word switch
    {
        "table" => OutputFormat.Table,
        "json" => OutputFormat.Json,
        null => throw PbmException.Usage("missing-value", "--output needs a value.", "Write table or json after it."),
        _ => throw PbmException.Usage(
            "bad-value", $"--output cannot be '{word}'.", "Write --output table or --output json."),
    };

    private static TimeSpan ParseDuration(string option, string? word)
    {
        string mend = $"Write a number with ms, s, m or h, as in {option} 5s.";
        return word is null ? throw PbmException.Usage("missing-value", $"{option} needs a value.", mend)
            : Duration.TryParse(word, out TimeSpan duration) ? duration
            : throw PbmException.Usage("bad-value", $"{option} cannot be '{word}'.", mend);
    }
}
