using Lb.Shared;

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
            .Select(k => (Word: k, Edits: EditDistance.Between(word, k)))
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
}
