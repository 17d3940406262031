using Lb.Pbm.CommandLine;
using Lb.Pbm.Protocol;

namespace Lb.Pbm.Calls;

/// <summary>Understands palette, command and arguments by what the host declares.</summary>
internal static class RequestParser
{
    public const string Help = "help";

    /// <summary>What the words ask for; what is wrong with them is thrown.</summary>
    public static Request Parse(Catalogue catalogue, IReadOnlyList<string> words, ClientOptions options)
    {
        if (words.Count == 0)
        {
            throw PbmException.Usage("no-command", "There is no command.", "'help' lists what the host can do.");
        }

        if (IsHelp(words[0]))
        {
            return ParseHelp(catalogue, words, options);
        }

        Palette palette = FindPalette(catalogue, words[0]);
        if (words.Count == 2 && IsHelp(words[1]))
        {
            return new HelpRequest(palette, null, options);
        }

        (Command command, int at) = FindCommand(palette, words);
        if (words.Count == at + 1 && words[at] == Help)
        {
            return new HelpRequest(palette, command, options);
        }

        var reader = new ArgumentReader(palette, command, options);
        return reader.Read(words, at);
    }

    /// <summary>The command that words mean, and where its arguments begin.</summary>
    /// <remarks>A palette's only command need not be named: <c>doctor</c>, <c>doctor --fix</c>.</remarks>
    public static (Command Command, int ArgumentsAt) FindCommand(Palette palette, IReadOnlyList<string> words)
    {
        bool isNamed = words.Count > 1 && !words[1].StartsWith('-');
        if (!isNamed)
        {
            return palette.Commands is [{ } only]
                ? (only, 1)
                : throw PbmException.Usage(
                    "no-command", $"'{palette.Name}' needs a command.", $"It has: {Names(palette)}.");
        }

        return palette.Find(words[1]) is { } command
            ? (command, 2)
            : throw PbmException.Usage(
                "unknown-command",
                $"'{palette.Name}' has no command '{words[1]}'.",
                Nearest.Mend(words[1], [.. palette.Commands.Select(c => c.Name)], "It has"));
    }

    private static HelpRequest ParseHelp(Catalogue catalogue, IReadOnlyList<string> words, ClientOptions options)
    {
        if (words.Count > 3)
        {
            throw PbmException.Usage(
                "too-many-arguments", $"'{words[3]}' is too much.", "Write 'help', a palette, and a command of it.");
        }

        Palette? palette = words.Count > 1 ? FindPalette(catalogue, words[1]) : null;
        Command? command = words.Count > 2 ? FindCommand(palette!, [.. words.Skip(1)]).Command : null;
        return new HelpRequest(palette, command, options);
    }

    private static Palette FindPalette(Catalogue catalogue, string word) =>
        catalogue.Find(word) ?? throw PbmException.Usage(
            "unknown-palette",
            $"The host has no palette '{word}'.",
            Nearest.Mend(word, [.. catalogue.Palettes.Select(p => p.Name), Help], "It has"));

    private static bool IsHelp(string word) => word is Help or "--help" or "-h";

    private static string Names(Palette palette) => string.Join(", ", palette.Commands.Select(c => c.Name));
}
