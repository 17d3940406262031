namespace Lb.Pbm.CommandLine;

/// <summary>Finds what a mistyped word may have meant.</summary>
internal static class Nearest
{
    private const int Longest = 64;

    /// <summary>Fewer letters begin too many words.</summary>
    private const int ShortestBeginning = 3;

    /// <summary>The known word with the fewest edits, else one that begins so; null when none is near.</summary>
    public static string? To(string word, IReadOnlyCollection<string> known)
    {
        if (word.Length > Longest)
        {
            return null;
        }

        int allowed = Math.Max(1, word.Length / 3);
        return known
            .Where(k => k.Length <= Longest)
            .Select(k => (Word: k, Edits: Edits(word, k)))
            .Where(k => k.Edits <= allowed)
            .OrderBy(k => k.Edits)
            .Select(k => k.Word)
            .FirstOrDefault()
            ?? known.FirstOrDefault(
                k => word.Length >= ShortestBeginning && k.StartsWith(word, StringComparison.Ordinal));
    }

    /// <summary>A mend that names the nearest of the known words, else all of them.</summary>
    public static string Mend(string word, IReadOnlyCollection<string> known, string otherwise) =>
        To(word, known) is { } near ? $"Did you mean '{near}'?"
        : known.Count is > 0 and <= 12 ? $"{otherwise}: {string.Join(", ", known)}."
        : $"{otherwise}.";

    /// <summary>Insertions, deletions, replacements and swaps of neighbours between two words.</summary>
    internal static int Edits(string from, string to)
    {
        int[,] edits = new int[from.Length + 1, to.Length + 1];
        for (int i = 0; i <= from.Length; i++)
        {
            edits[i, 0] = i;
        }

        for (int j = 0; j <= to.Length; j++)
        {
            edits[0, j] = j;
        }

        for (int i = 1; i <= from.Length; i++)
        {
            for (int j = 1; j <= to.Length; j++)
            {
                int replaced = edits[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                int best = Math.Min(replaced, Math.Min(edits[i - 1, j], edits[i, j - 1]) + 1);
                bool swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
                edits[i, j] = swapped ? Math.Min(best, edits[i - 2, j - 2] + 1) : best;
            }
        }

        return edits[from.Length, to.Length];
    }
}
