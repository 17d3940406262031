using System.Text;

namespace Lb.Pbm.CommandLine;

/// <summary>A word of a line.</summary>
/// <param name="Text">Without its quotes.</param>
/// <param name="Start">Where it begins in the line, quotes included.</param>
/// <param name="IsOpen">A quote in it is not closed.</param>
internal sealed record LineWord(string Text, int Start, bool IsOpen);

/// <summary>
/// Splits a line into words at white space. <c>"two words"</c> and <c>'two words'</c> are one word; between double
/// quotes a backslash takes the meaning from a double quote or a backslash.
/// </summary>
internal static class LineWords
{
    /// <summary>The words of a whole line; a quote that is not closed is an error.</summary>
    public static IReadOnlyList<string> Split(string line)
    {
        IReadOnlyList<LineWord> words = Scan(line);
        return words is [.., { IsOpen: true } open]
            ? throw PbmException.Usage(
                "open-quote", $"A quote in {line[open.Start..]} is not closed.", "Close it with the same quote.")
            : [.. words.Select(w => w.Text)];
    }

    /// <summary>The words of a line that is still being typed.</summary>
    public static IReadOnlyList<LineWord> Scan(string line)
    {
        List<LineWord> words = [];
        int at = 0;
        while (at < line.Length)
        {
            if (char.IsWhiteSpace(line[at]))
            {
                at++;
            }
            else
            {
                words.Add(ScanWord(line, ref at));
            }
        }

        return words;
    }

    /// <summary>A word as it is typed: with quotes where it needs them.</summary>
    public static string Quote(string word)
    {
        bool isPlain = word.Length > 0 && !word.Any(c => char.IsWhiteSpace(c) || c is '"' or '\'');
        return isPlain ? word : $"\"{word.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";
    }

    private static LineWord ScanWord(string line, ref int at)
    {
        int start = at;
        var text = new StringBuilder();
        char quote = '\0';
        for (; at < line.Length; at++)
        {
            char c = line[at];
            if (quote == '\0' && char.IsWhiteSpace(c))
            {
                break;
            }

            if (c == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && c is '"' or '\'')
            {
                quote = c;
            }
            else
            {
                bool isEscape = c == '\\' && quote == '"' && at + 1 < line.Length && line[at + 1] is '"' or '\\';
                at += isEscape ? 1 : 0;
                text.Append(line[at]);
            }
        }

        return new LineWord(text.ToString(), start, quote != '\0');
    }
}
