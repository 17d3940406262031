using System.Globalization;

namespace Lb.Pbm.Editing;

/// <summary>A line with a cursor in it. The cursor never stands within a character.</summary>
/// <param name="Text">The line.</param>
/// <param name="Cursor">Where the next character goes.</param>
internal sealed record LineText(string Text, int Cursor)
{
    public static LineText Empty { get; } = new("", 0);

    public string Left => Text[..Cursor];

    public string Right => Text[Cursor..];

    /// <summary>A line with the cursor behind it.</summary>
    public static LineText Of(string text) => new(text, text.Length);

    public LineText Insert(string text) => new(Left + text + Right, Cursor + text.Length);

    /// <summary>Puts text in the place of what is between <paramref name="start"/> and the cursor.</summary>
    public LineText Replace(int start, string text) => new(Text[..start] + text + Right, start + text.Length);

    public LineText MoveTo(int cursor) => this with { Cursor = cursor };

    /// <summary>Takes away what is between the cursor and another place.</summary>
    public LineText CutTo(int place)
    {
        (int from, int to) = place < Cursor ? (place, Cursor) : (Cursor, place);
        return new LineText(Text[..from] + Text[to..], from);
    }

    /// <summary>The place one character to the left.</summary>
    public int Before()
    {
        int before = 0;
        for (int at = 0; at < Cursor; at += StringInfo.GetNextTextElementLength(Text, at))
        {
            before = at;
        }

        return before;
    }

    /// <summary>The place one character to the right.</summary>
    public int After() => Cursor == Text.Length
        ? Cursor
        : Cursor + StringInfo.GetNextTextElementLength(Text, Cursor);

    /// <summary>The beginning of the word to the left.</summary>
    public int WordBefore()
    {
        int at = Cursor;
        while (at > 0 && char.IsWhiteSpace(Text[at - 1]))
        {
            at--;
        }

        while (at > 0 && !char.IsWhiteSpace(Text[at - 1]))
        {
            at--;
        }

        return at;
    }

    /// <summary>The end of the word to the right.</summary>
    public int WordAfter()
    {
        int at = Cursor;
        while (at < Text.Length && char.IsWhiteSpace(Text[at]))
        {
            at++;
        }

        while (at < Text.Length && !char.IsWhiteSpace(Text[at]))
        {
            at++;
        }

        return at;
    }
}
