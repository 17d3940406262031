using System.Diagnostics.CodeAnalysis;

namespace Lb.Pbm.Protocol;

/// <summary>What a host can do: the answer to <c>GET /api/v1/palettes</c>.</summary>
internal sealed record Catalogue(IReadOnlyList<Palette> Palettes)
{
    /// <summary>Nothing is known of the host yet.</summary>
    public static Catalogue Empty { get; } = new([]);

    public Palette? Find(string name) => Palettes.FirstOrDefault(p => p.Name == name);

    /// <summary>Whether lists are free of nulls and all names can be typed.</summary>
    public bool IsSound() =>
        Palettes.All(p => p is not null && IsName(p.Name)
            && p.Commands.All(c => c is not null && IsName(c.Name)
                && c.Arguments.All(a => a is not null && IsName(a.Name) && a.Hints.All(h => h is not null))));

    private static bool IsName(string name) =>
        name.Length > 0 && char.IsAsciiLetterOrDigit(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}

/// <summary>Commands that belong together.</summary>
internal sealed record Palette(string Name, IReadOnlyList<Command> Commands, string? Description = null)
{
    public Command? Find(string name) => Commands.FirstOrDefault(c => c.Name == name);
}

/// <summary>One thing that the host does.</summary>
/// <param name="Name">How it is called.</param>
/// <param name="Arguments">What it is told.</param>
/// <param name="Description">What it does.</param>
/// <param name="Changes">Whether something is different afterwards.</param>
/// <param name="Streams">Whether it answers line by line, perhaps without an end.</param>
internal sealed record Command(
    string Name,
    IReadOnlyList<Argument> Arguments,
    string? Description = null,
    bool Changes = true,
    bool Streams = false)
{
    public IEnumerable<Argument> Positionals => Arguments.Where(a => a.Positional);

    /// <summary>The argument that <c>-word</c> or <c>--word</c> means.</summary>
    public Argument? FindSwitch(string word)
    {
        string name = word.TrimStart('-');
        bool isLong = word.StartsWith("--", StringComparison.Ordinal);
        return (isLong ? null : Arguments.FirstOrDefault(a => a.Short == name))
            ?? Arguments.FirstOrDefault(a => a.Name == name);
    }
}

/// <summary>One thing that a command is told.</summary>
/// <param name="Name">Its name, also as <c>-name</c> or <c>--name</c>.</param>
/// <param name="Kind">text, number, flag or duration; what a newer host invents is taken as text.</param>
/// <param name="Short">Its name as <c>-s</c>.</param>
/// <param name="Description">What it means.</param>
/// <param name="Mandatory">The command cannot be without it.</param>
/// <param name="Repeatable">It may be given more than once.</param>
/// <param name="Positional">It may be given without its name, in the order of the declarations.</param>
/// <param name="Default">What the host takes without it; for people only.</param>
internal sealed record Argument(
    string Name,
    string Kind = "text",
    string? Short = null,
    string? Description = null,
    bool Mandatory = false,
    bool Repeatable = false,
    bool Positional = false,
    string? Default = null)
{
    /// <summary>Values worth proposing.</summary>
    [AllowNull]
    public IReadOnlyList<string> Hints
    {
        get;
        init => field = value ?? [];
    } = [];

    public bool IsFlag => Kind == "flag";
}
