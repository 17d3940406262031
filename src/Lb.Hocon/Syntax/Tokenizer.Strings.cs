using System.Globalization;
using System.Text;

namespace Lb.Hocon.Syntax;

internal sealed partial class Tokenizer
{
    private const int TripleLength = 3;

    private Token Quoted()
    {
        HoconOrigin start = Here;
        _position++;
        StringBuilder? decoded = null;
        int runStart = _position;
        while (_position < text.Length)
        {
            char c = text[_position];
            if (c == '"')
            {
                ReadOnlySpan<char> run = text.AsSpan(runStart, _position - runStart);
                string value = decoded is null ? run.ToString() : decoded.Append(run).ToString();
                _position++;
                return new Token(TokenKind.Quoted, start, value);
            }

            if (c == '\n')
            {
                break;
            }

            if (c < ' ')
            {
                return Bad(
                    Here, $"the control character U+{(int)c:X4} in a quoted string", "printable text", "write it as an escape such as \\t");
            }

            if (c != '\\')
            {
                _position++;
                continue;
            }

            decoded ??= new StringBuilder();
            decoded.Append(text.AsSpan(runStart, _position - runStart));
            if (!TryDecodeEscape(decoded))
            {
                return BadEscape();
            }

            runStart = _position;
        }

        return Bad(
            start, "a quoted string that its line does not end", "a closing quote", "close it, or use \"\"\" for text of several lines");
    }

    private bool TryDecodeEscape(StringBuilder decoded)
    {
        char kind = _position + 1 < text.Length ? text[_position + 1] : '\0';
        if (kind == 'u')
        {
            if (_position + 6 > text.Length || !ushort.TryParse(
                text.AsSpan(_position + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort unit))
            {
                return false;
            }

            decoded.Append((char)unit);
            _position += 6;
            return true;
        }

        char plain = kind switch
        {
            '"' or '\\' or '/' => kind,
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            _ => '\0',
        };
        if (plain == '\0')
        {
            return false;
        }

        decoded.Append(plain);
        _position += 2;
        return true;
    }

    private Token BadEscape()
    {
        HoconOrigin here = Here;
        int end = Math.Min(text.Length, _position + 2);
        string found = text[_position..end].TrimEnd('\n');
        _position++;
        return Bad(
            here, $"the escape '{found}'", "one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX", "write \\\\ for a backslash, or use \"\"\" quotes");
    }

    /// <summary>A triple-quoted string takes everything as it is; quotes beyond the closing three belong to it.</summary>
    private Token TripleQuoted()
    {
        HoconOrigin start = Here;
        int contentStart = _position + TripleLength;
        int close = text.IndexOf("\"\"\"", contentStart, StringComparison.Ordinal);
        if (close < 0)
        {
            _position = text.Length;
            return Bad(start, "\"\"\" that nothing closes", "closing \"\"\"", "close the string");
        }

        while (close + TripleLength < text.Length && text[close + TripleLength] == '"')
        {
            close++;
        }

        string value = text[contentStart..close];
        int lastNewline = value.LastIndexOf('\n');
        if (lastNewline >= 0)
        {
            _line += value.AsSpan().Count('\n');
            _lineStart = contentStart + lastNewline + 1;
        }

        _position = close + TripleLength;
        return new Token(TokenKind.Quoted, start, value);
    }
}
