using System.Globalization;
using Lb.Pbm.CommandLine;
using Lb.Pbm.Protocol;

namespace Lb.Pbm.Calls;

/// <summary>Reads the arguments of one command.</summary>
internal sealed class ArgumentReader(Palette palette, Command command, ClientOptions options)
{
    private readonly Dictionary<string, List<string>> _values = [];
    private ClientOptions _options = options;

    /// <summary>Whether a word is a switch; negative numbers are none.</summary>
    public static bool IsSwitch(string word) =>
        word.Length > 1 && word[0] == '-' && !char.IsAsciiDigit(word[1]) && word[1] != '.';

    /// <summary>The positional argument that a word without a name is for, after those that have a value.</summary>
    public static Argument? NextPositional(Command command, Func<string, bool> hasValue) =>
        command.Positionals.FirstOrDefault(a => a.Repeatable || !hasValue(a.Name));

    /// <summary>Reads the words from <paramref name="at"/> on.</summary>
    public Request Read(IReadOnlyList<string> words, int at)
    {
        bool isPlain = false;
        while (at < words.Count)
        {
            string word = words[at];
            if (!isPlain && word == "--")
            {
                isPlain = true;
                at++;
            }
            else if (isPlain || !IsSwitch(word))
            {
                ReadPositional(word);
                at++;
            }
            else if (command.FindSwitch(word.Split('=')[0]) is { } argument)
            {
                at += ReadSwitch(argument, words, at);
            }
            else if (word is "--help" or "-h")
            {
                return new HelpRequest(palette, command, _options);
            }
            else
            {
                (_options, int taken) = _options.Take(words, at);
                at += taken > 0 ? taken : throw Unknown(word);
            }
        }

        foreach (Argument missing in command.Arguments.Where(a => a.Mandatory && !_values.ContainsKey(a.Name)))
        {
            throw PbmException.Usage(
                "missing-argument",
                $"'{palette.Name} {command.Name}' needs {Described(missing)}.",
                $"Write {Syntax.Line(palette, command)}.");
        }

        return new Call(
            palette, command, _values.ToDictionary(v => v.Key, v => (IReadOnlyList<string>)v.Value), _options);
    }

    private void ReadPositional(string word)
    {
        Argument argument = NextPositional(command, _values.ContainsKey) ?? throw PbmException.Usage(
            "too-many-arguments",
            $"'{palette.Name} {command.Name}' has no use for '{word}'.",
            $"Write {Syntax.Line(palette, command)}.");
        Add(argument, word, argument.Name);
    }

    private int ReadSwitch(Argument argument, IReadOnlyList<string> words, int at)
    {
        string[] parts = words[at].Split('=', 2);
        if (argument.IsFlag)
        {
            Add(argument, parts.Length == 1 ? "true" : throw PbmException.Usage(
                "bad-value", $"{parts[0]} takes no value.", $"Write {parts[0]}, or leave it away."), parts[0]);
            return 1;
        }

        bool isNext = parts.Length == 1 && at + 1 < words.Count && !IsSwitch(words[at + 1]);
        string value = parts.Length > 1 ? parts[1]
            : isNext ? words[at + 1]
            : throw PbmException.Usage(
                "missing-value", $"{parts[0]} needs a value.", $"Write it as in {Syntax.Switch(argument)}.");
        Add(argument, value, parts[0]);
        return isNext ? 2 : 1;
    }

    private void Add(Argument argument, string value, string named)
    {
        if (argument.Kind == "number"
            && !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double _))
        {
            throw PbmException.Usage("bad-value", $"{named} cannot be '{value}'.", "It is a number.");
        }

        if (!_values.TryGetValue(argument.Name, out List<string>? values))
        {
            _values[argument.Name] = [value];
        }
        else if (argument.Repeatable)
        {
            values.Add(value);
        }
        else
        {
            throw PbmException.Usage("repeated", $"{named} is given twice.", "Give it once.");
        }
    }

    private PbmException Unknown(string word)
    {
        string dashes = word.StartsWith("--", StringComparison.Ordinal) ? "--" : "-";
        string[] known =
        [
            .. command.Arguments.Select(a => $"{dashes}{a.Name}"),
            .. ClientOptions.Names,
        ];
        return PbmException.Usage(
            "unknown-switch",
            $"'{palette.Name} {command.Name}' has no switch '{word}'.",
            Nearest.Mend(word.Split('=')[0], known, "It has"));
    }

    private static string Described(Argument argument) =>
        argument.Positional ? $"a {argument.Name}" : $"--{argument.Name}";
}
