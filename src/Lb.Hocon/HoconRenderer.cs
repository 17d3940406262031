using System.Text;
using Lb.Hocon.Syntax;

namespace Lb.Hocon;

/// <summary>Renders resolved values as text.</summary>
public static class HoconRenderer
{
    /// <summary>
    /// Renders JSON, which is HOCON without anything left to resolve. Numbers stand as they were written, fields in
    /// their order.
    /// </summary>
    /// <param name="value">The value.</param>
    /// <param name="indented">One field or element a line, two spaces a level.</param>
    public static string ToJson(HoconValue value, bool indented = false)
    {
        var text = new StringBuilder();
        Append(text, value, indented ? 0 : -1);
        return text.ToString();
    }

    private static void Append(StringBuilder text, HoconValue value, int level)
    {
        switch (value)
        {
            case HoconObject o:
                AppendAll(text, '{', '}', o.Fields, level, static (t, field, inner) =>
                {
                    JsonText.AppendQuoted(t, field.Key);
                    t.Append(inner < 0 ? ":" : ": ");
                    Append(t, field.Value, inner);
                });
                break;
            case HoconArray a:
                AppendAll(text, '[', ']', a, level, Append);
                break;
            case HoconString s:
                JsonText.AppendQuoted(text, s.Value);
                break;
            case HoconNumber n:
                text.Append(n.Text);
                break;
            default:
                text.Append(value.Describe());
                break;
        }
    }

    private static void AppendAll<T>(
        StringBuilder text, char open, char close, IReadOnlyList<T> items, int level, Action<StringBuilder, T, int> append)
    {
        text.Append(open);
        int inner = level < 0 ? level : level + 1;
        for (int i = 0; i < items.Count; i++)
        {
            if (i > 0)
            {
                text.Append(',');
            }

            BreakLine(text, inner);
            append(text, items[i], inner);
        }

        if (items.Count > 0)
        {
            BreakLine(text, level);
        }

        text.Append(close);
    }

    private static void BreakLine(StringBuilder text, int level)
    {
        if (level >= 0)
        {
            text.Append('\n').Append(' ', level * 2);
        }
    }
}
