using System.Text;

namespace Lb.Host.Configuration;

/// <summary>Shows foreign text in a message: quoted, on one line, not endless.</summary>
internal static class Quote
{
    private const int Longest = 80;

    public static string Text(string text)
    {
        StringBuilder shown = new("\"");
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, Longest)))
        {
            shown.Append(char.IsControl(c) || char.IsSurrogate(c) ? '?' : c);
        }

        return shown.Append(text.Length > Longest ? "…\"" : "\"").ToString();
    }
}
