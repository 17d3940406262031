using Lb.Shared;

namespace Lb.Host.Configuration;

/// <summary>Finds what a mistyped word may have meant.</summary>
internal static class Nearest
{
    private const int Longest = 64;

    /// <summary>The known word with the fewest edits; null when none is near.</summary>
    public static string? To(string word, IEnumerable<string> known)
    {
        if (word.Length > Longest)
        {
            return null;
        }

        int allowed = Math.Max(1, word.Length / 3);
        return known
            .Select(k => (Word: k, Edits: EditDistance.Between(word, k)))
            .Where(k => k.Edits <= allowed)
            .OrderBy(k => k.Edits)
            .Select(k => k.Word)
            .FirstOrDefault();
    }
}
