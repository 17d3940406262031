using Lb.Pbm.Calls;
using Lb.Pbm.CommandLine;
using Lb.Pbm.Protocol;

namespace Lb.Pbm.Editing;

/// <summary>Finds how a line could go on, by what the host can do.</summary>
internal static class Completer
{
    private static readonly string[] Own = [RequestParser.Help, "exit", "quit"];

    /// <summary>How the line up to the cursor could go on.</summary>
    public static Completion Complete(Catalogue catalogue, string line)
    {
        IReadOnlyList<LineWord> words = LineWords.Scan(line);
        bool isInWord = words.Count > 0 && (words[^1].IsOpen || !char.IsWhiteSpace(line[^1]));
        string[] before = [.. words.Take(words.Count - (isInWord ? 1 : 0)).Select(w => w.Text)];
        string typed = isInWord ? words[^1].Text : "";
        IEnumerable<string> own = before.Length == 0 ? Own : [];
        return new Completion(
            isInWord ? words[^1].Start : line.Length, [.. Fitting(Candidates(catalogue, before, typed).Concat(own), typed)]);
    }

    /// <summary>What a word could become that a shell has behind others.</summary>
    public static IReadOnlyList<string> Complete(Catalogue catalogue, IReadOnlyList<string> before, string typed)
    {
        IEnumerable<string> own = before.Count > 0 ? []
            : typed.StartsWith('-') ? ClientOption.All.Select(option => option.Name)
            : [RequestParser.Help];
        return [.. Fitting(Candidates(catalogue, [.. before], typed).Concat(own), typed)];
    }

    private static IEnumerable<string> Fitting(IEnumerable<string> candidates, string typed) => candidates
        .Where(c => c.StartsWith(typed, StringComparison.Ordinal) && !c.Any(char.IsControl))
        .Distinct();

    private static IEnumerable<string> Candidates(Catalogue catalogue, string[] before, string typed)
    {
        if (before.Length == 0)
        {
            return catalogue.Palettes.Select(p => p.Name);
        }

        if (before[0] == RequestParser.Help)
        {
            return before.Length switch
            {
                1 => catalogue.Palettes.Select(p => p.Name),
                2 => catalogue.Find(before[1])?.Commands.Select(c => c.Name) ?? [],
                _ => [],
            };
        }

        if (catalogue.Find(before[0]) is not { } palette)
        {
            return [];
        }

        bool isOnly = palette.Commands.Count == 1;
        if (before.Length == 1 && !(isOnly && typed.StartsWith('-')))
        {
            return [.. palette.Commands.Select(c => c.Name), RequestParser.Help];
        }

        bool isNamed = before.Length > 1 && !before[1].StartsWith('-');
        Command? command = isNamed ? palette.Find(before[1]) : isOnly ? palette.Commands[0] : null;
        return command is null ? [] : Arguments(command, before[(isNamed ? 2 : 1)..], typed);
    }

    private static IEnumerable<string> Arguments(Command command, string[] before, string typed)
    {
        HashSet<string> given = [];
        string? awaiting = null;
        Argument? awaited = null;
        foreach (string word in before)
        {
            if (awaiting is not null)
            {
                (awaiting, awaited) = (null, null);
            }
            else if (ArgumentReader.IsSwitch(word))
            {
                string name = word.Split('=')[0];
                awaited = command.FindSwitch(name);
                given.Add(awaited?.Name ?? name);
                bool takesNext = awaited is { IsFlag: false } || (awaited is null && name == "--output");
                awaiting = takesNext && name.Length == word.Length ? name : null;
            }
            else if (ArgumentReader.NextPositional(command, given.Contains) is { } positional)
            {
                given.Add(positional.Name);
            }
        }

        if (awaiting is not null)
        {
            return Values(awaited);
        }

        int equals = typed.IndexOf('=');
        if (equals > 0 && typed[0] == '-')
        {
            string name = typed[..equals];
            return Values(command.FindSwitch(name)).Select(value => $"{name}={value}");
        }

        IEnumerable<string> hints = ArgumentReader.NextPositional(command, given.Contains)?.Hints ?? [];
        IEnumerable<string> switches = Switches(command, given, typed);
        return typed.StartsWith('-') ? switches : typed.Length > 0 || hints.Any() ? hints : switches;
    }

    /// <summary>Values of a declared switch; without one, of <c>--output</c>.</summary>
    private static IEnumerable<string> Values(Argument? argument) =>
        argument is null ? ["table", "json"]
        : argument is { Default: { Length: > 0 } value } ? [.. argument.Hints, value]
        : argument.Hints;

    /// <summary>Switches not given yet, with as many dashes as were typed.</summary>
    private static IEnumerable<string> Switches(Command command, HashSet<string> given, string typed)
    {
        bool isShort = typed.Length > 1 && typed[1] != '-';
        IEnumerable<string> declared = command.Arguments
            .Where(a => a.Repeatable || !given.Contains(a.Name))
            .Select(a => (isShort ? "-" : "--") + a.Name);
        return declared.Concat(ClientOptions.Names.Where(n => !given.Contains(n)));
    }
}
