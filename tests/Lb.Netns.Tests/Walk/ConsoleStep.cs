using System.Globalization;
using System.Text.RegularExpressions;
using Lb.Testing.Pages;

namespace Lb.Netns.Tests.Walk;

/// <summary>A command of a console block, and what it is said to print.</summary>
/// <param name="Place">Where it stands, for failures.</param>
/// <param name="Host">Whose prompt it is behind: empty for the node's.</param>
/// <param name="Command">As typed, with the lines of a here-document.</param>
/// <param name="ExitCode">0 unless a comment behind the command says "exits with N".</param>
/// <param name="Output">The lines below it.</param>
internal sealed partial record ConsoleStep(
    string Place, string Host, string Command, int ExitCode, IReadOnlyList<string> Output)
{
    /// <summary>The commands of a block, in order; one without a command, or that begins with something else, is wrong.</summary>
    public static IReadOnlyList<ConsoleStep> Read(string page, CodeBlock block)
    {
        List<ConsoleStep> steps = [];
        int at = 0;
        while (at < block.Lines.Count)
        {
            string place = $"{page}:{block.Line + at}";
            Match prompt = Prompt().Match(block.Lines[at]);
            if (!prompt.Success)
            {
                throw new InvalidDataException($"{place}: a console block begins with a command behind \"$ \".");
            }

            string command = ReadCommand(block, prompt.Groups["command"].Value, ref at, place);
            List<string> output = [];
            for (; at < block.Lines.Count && !Prompt().IsMatch(block.Lines[at]); at++)
            {
                output.Add(block.Lines[at]);
            }

            Match exit = Exit().Match(command);
            steps.Add(new ConsoleStep(
                place,
                prompt.Groups["host"].Value,
                command,
                exit.Success ? int.Parse(exit.Groups["code"].Value, CultureInfo.InvariantCulture) : 0,
                output));
        }

        return steps.Count > 0 ? steps : throw new InvalidDataException($"{page}:{block.Line}: the console block has no command.");
    }

    /// <summary>A command with the lines that belong to it.</summary>
    private static string ReadCommand(CodeBlock block, string first, ref int at, string place)
    {
        List<string> lines = [first];
        at++;
        string? end = HereDocument().Match(first) is { Success: true } here ? here.Groups["end"].Value : null;
        while (end is not null ? lines[^1] != end : lines[^1].EndsWith('\\'))
        {
            if (at == block.Lines.Count)
            {
                throw new InvalidDataException($"{place}: the command is not finished within its block.");
            }

            lines.Add(block.Lines[at++]);
        }

        return string.Join('\n', lines);
    }

    [GeneratedRegex(@"^(?<host>[a-z]*)\$ (?<command>.+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Prompt();

    [GeneratedRegex(@"\s# exits with (?<code>\d+)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Exit();

    [GeneratedRegex(@"<<'(?<end>\w+)'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HereDocument();
}
