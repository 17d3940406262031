using System.Text;

namespace Lb.Hocon.Syntax;

/// <summary>JSON's lexical forms: quoted strings and the number grammar.</summary>
internal static class JsonText
{
    private const int ShortLength = 40;

    public static void AppendQuoted(StringBuilder text, string value)
    {
        text.Append('"');
        for (int i = 0; i < value.Length; i++)
        {
            char c = value[i];
            switch (c)
            {
                case '"' or '\\':
                    text.Append('\\').Append(c);
                    break;
                case '\n':
                    text.Append("\\n");
                    break;
                case '\r':
                    text.Append("\\r");
                    break;
                case '\t':
                    text.Append("\\t");
                    break;
                case >= '\uD800' and <= '\uDBFF' when i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]):
                    text.Append(c).Append(value[++i]);
                    break;
                // A lone surrogate has no UTF-8 form, and BOM and controls would not survive an editor.
                case < ' ' or '\u007F' or '\uFEFF' or '\u2028' or '\u2029' or (>= '\uD800' and <= '\uDFFF'):
                    text.Append($"\\u{(int)c:X4}");
                    break;
                default:
                    text.Append(c);
                    break;
            }
        }

        text.Append('"');
    }

    /// <summary>Quotes a text for an error message, which stays one short line.</summary>
    public static string QuoteShort(string value)
    {
        var text = new StringBuilder();
        AppendQuoted(text, value.Length <= ShortLength ? value : string.Concat(value.AsSpan(0, ShortLength), "…"));
        return text.ToString();
    }

    public static bool IsNumber(ReadOnlySpan<char> text)
    {
        int i = 0;
        if (i < text.Length && text[i] == '-')
        {
            i++;
        }

        int whole = SkipDigits(text, ref i);
        if (whole == 0 || (whole > 1 && text[i - whole] == '0'))
        {
            return false;
        }

        if (i < text.Length && text[i] == '.')
        {
            i++;
            if (SkipDigits(text, ref i) == 0)
            {
                return false;
            }
        }

        if (i < text.Length && text[i] is 'e' or 'E')
        {
            i++;
            if (i < text.Length && text[i] is '+' or '-')
            {
                i++;
            }

            if (SkipDigits(text, ref i) == 0)
            {
                return false;
            }
        }

        return i == text.Length;
    }

    private static int SkipDigits(ReadOnlySpan<char> text, ref int i)
    {
        int start = i;
        while (i < text.Length && char.IsAsciiDigit(text[i]))
        {
            i++;
        }

        return i - start;
    }
}
