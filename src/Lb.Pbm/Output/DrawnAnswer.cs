using Lb.Pbm.Protocol;
using Spectre.Console;

namespace Lb.Pbm.Output;

/// <summary>An answer for a person: a drawn table.</summary>
internal static class DrawnAnswer
{
    private static readonly Style TitleStyle = new(decoration: Decoration.Bold);
    private static readonly Style FaintStyle = new(Color.Grey);

    public static void Write(Answer answer, IAnsiConsole console)
    {
        if (answer.Message is { } message)
        {
            console.Write(new Text(Visible.Block(message)));
            console.WriteLine();
        }

        IReadOnlyList<string?>[] rows = [.. answer.Rows?.OfType<IReadOnlyList<string?>>() ?? []];
        Column[] columns = [.. answer.Columns?.OfType<Column>() ?? []];

        // A host that says more cells than columns is shown in full all the same.
        int width = rows.Select(r => r.Count).Append(columns.Length).Max();
        if (width > 0)
        {
            console.Write(Draw(columns, rows, width));
        }

        if (answer.Count is { } count)
        {
            console.Write(new Text(Visible.Line(count), FaintStyle));
            console.WriteLine();
        }
    }

    private static Table Draw(Column[] columns, IReadOnlyList<string?>[] rows, int width)
    {
        Table table = new Table().RoundedBorder().BorderStyle(FaintStyle);
        table.ShowHeaders = columns.Length > 0;
        for (int i = 0; i < width; i++)
        {
            Column column = i < columns.Length ? columns[i] : new Column("");
            var drawn = new TableColumn(new Text(Visible.Line(column.Title ?? column.Name), TitleStyle));
            table.AddColumn(column.Right ? drawn.RightAligned() : drawn);
        }

        foreach (IReadOnlyList<string?> row in rows)
        {
            table.AddRow(row.Select(cell => new Text(Visible.Line(cell ?? ""))));
        }

        return table;
    }
}
