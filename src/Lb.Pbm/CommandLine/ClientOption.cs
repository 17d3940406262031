namespace Lb.Pbm.CommandLine;

/// <summary>An option of <c>pbm</c> itself, as help and manual tell it.</summary>
/// <param name="Name">Its name, <c>--name</c>.</param>
/// <param name="Value">What stands for its value; null when it takes none.</param>
/// <param name="Description">What it means.</param>
internal sealed record ClientOption(string Name, string? Value, string Description)
{
    /// <summary>The options that stand before the palette or behind the command.</summary>
    public static IReadOnlyList<ClientOption> All { get; } =
    [
        new("--output", "table|json", "how answers are printed"),
        new("--watch", "[INTERVAL]", "repeat a command that changes nothing, every 2s or so, until Ctrl-C"),
        new(
            "--timeout",
            "DURATION",
            $"how long an answer is waited for; {Duration.Text(ClientOptions.Default.Timeout)} unless told"),
        new("--token-file", "FILE", "before the host: file with the token that it is shown; PBM_TOKEN holds one too"),
        new("--ca", "FILE", "before the host: PEM file of the authorities that are believed; PBM_CA names one too"),
        new("--help", null, "this help, without asking a host"),
        new("--version", null, "the version of pbm"),
    ];

    /// <summary>The option with what stands for its value.</summary>
    public string Syntax => Value is null ? Name : $"{Name} {Value}";
}
