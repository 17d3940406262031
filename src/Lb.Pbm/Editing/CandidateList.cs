using System.Text;

namespace Lb.Pbm.Editing;

/// <summary>Candidates in columns, as shells list them.</summary>
internal static class CandidateList
{
    private const int Most = 200;

    public static string Text(IReadOnlyList<string> candidates, int width)
    {
        string[] shown = [.. candidates.Take(Most)];
        int column = shown.Max(c => c.Length) + 2;
        int columns = Math.Max(1, width / column);
        var text = new StringBuilder();
        foreach (string[] row in shown.Chunk(columns))
        {
            text.Append(string.Concat(row.Select(c => c.PadRight(column))).TrimEnd()).Append('\n');
        }

        return candidates.Count > Most ? text.Append("...\n").ToString() : text.ToString();
    }
}
