using Lb.Pbm.Protocol;

namespace Lb.Pbm.Output;

/// <summary>An answer for scripts: a line a row, cells between bars, and how many there are.</summary>
internal static class PlainAnswer
{
    public static void Write(Answer answer, TextWriter output)
    {
        if (answer.Message is { } message)
        {
            output.WriteLine(Visible.Block(message));
        }

        foreach (IReadOnlyList<string?> row in answer.Rows?.OfType<IReadOnlyList<string?>>() ?? [])
        {
            output.WriteLine(string.Join(" | ", row.Select(cell => Visible.Line(cell ?? ""))));
        }

        if (answer.Count is { } count)
        {
            output.WriteLine($"Count: {Visible.Line(count)}");
        }
    }
}
