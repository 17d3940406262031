using System.Text.RegularExpressions;

namespace Lb.Netns.Tests.Walk;

/// <summary>What a page says is printed, held against what was.</summary>
/// <remarks>
/// Lines are equal, in order and with none between. "…" stands for any text within a line, and on a line of its own for
/// any lines or none. A command that is said to print nothing prints nothing.
/// </remarks>
internal static class Printed
{
    private const string Anything = "…";

    /// <summary>Whether it is as said.</summary>
    public static bool Matches(IReadOnlyList<string> said, IReadOnlyList<string> printed)
    {
        string pattern = string.Concat(said.Select(line => line.Trim() == Anything
            ? @"(?:.*\n)*?"
            : $@"{string.Join(".*", line.TrimEnd().Split(Anything).Select(Regex.Escape))}[ ]*\n"));
        string text = string.Concat(printed.Select(line => $"{line}\n"));
        return Regex.IsMatch(text, $@"\A{pattern}\z", RegexOptions.NonBacktracking);
    }
}
