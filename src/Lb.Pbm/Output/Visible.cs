using System.Globalization;
using System.Text;

namespace Lb.Pbm.Output;

/// <summary>Text of a host as it may reach a terminal: no control character gets through.</summary>
internal static class Visible
{
    /// <summary>Text on one line.</summary>
    public static string Line(string text) => Clean(text, keepLines: false);

    /// <summary>Text that may have several lines.</summary>
    public static string Block(string text) => Clean(text.ReplaceLineEndings("\n"), keepLines: true);

    private static string Clean(string text, bool keepLines)
    {
        if (!text.Any(IsHarmful))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (!IsHarmful(c) || (keepLines && c == '\n'))
            {
                clean.Append(c);
            }
            else
            {
                clean.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
        }

        return clean.ToString();
    }

    // The ranges turn the direction of what follows around, and so can make a line read as another.
    private static bool IsHarmful(char c) =>
        char.IsControl(c) || c is >= '\u202a' and <= '\u202e' or >= '\u2066' and <= '\u2069';
}
