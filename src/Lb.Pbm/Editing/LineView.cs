using System.Globalization;
using System.Text;
using Spectre.Console.Rendering;

namespace Lb.Pbm.Editing;

/// <summary>Draws a line that is edited, over as many rows as it needs, by what any terminal understands.</summary>
/// <param name="prompt">What stands before the line.</param>
/// <param name="styledPrompt">The same as it is written.</param>
internal sealed class LineView(string prompt, string styledPrompt)
{
    /// <summary>How many rows below the prompt's first the cursor is.</summary>
    private int _row;

    /// <summary>The line is about to be drawn on an empty row.</summary>
    public void Start() => _row = 0;

    /// <summary>What makes the terminal show the line.</summary>
    public string Draw(LineText line, int width)
    {
        var drawn = new StringBuilder();
        Up(drawn, _row).Append("\r\x1b[J").Append(styledPrompt).Append(line.Text);
        (int endRow, int endColumn) = Place(prompt + line.Text, width);

        // A terminal moves to the next row only with the next character: it is told to.
        drawn.Append(endRow > 0 && endColumn == 0 ? "\r\n" : "");
        (_row, int column) = Place(prompt + line.Left, width);
        Up(drawn, endRow - _row).Append('\r');
        return (column > 0 ? drawn.Append(CultureInfo.InvariantCulture, $"\x1b[{column}C") : drawn).ToString();
    }

    /// <summary>What moves the cursor below the line.</summary>
    public string Leave(LineText line, int width) =>
        Draw(line.MoveTo(line.Text.Length), width) + "\r\n";

    private static StringBuilder Up(StringBuilder drawn, int rows) =>
        rows > 0 ? drawn.Append(CultureInfo.InvariantCulture, $"\x1b[{rows}A") : drawn;

    private static (int Row, int Column) Place(string text, int width)
    {
        int row = 0;
        int column = 0;
        TextElementEnumerator elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            int cells = new Segment(elements.GetTextElement()).CellCount();
            if (column + cells > width)
            {
                row++;
                column = 0;
            }

            column += cells;
            if (column == width)
            {
                row++;
                column = 0;
            }
        }

        return (row, column);
    }
}
