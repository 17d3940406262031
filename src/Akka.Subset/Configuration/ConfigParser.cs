using System.Text;

namespace Akka.Configuration;

/// <summary>
/// Reads plain configuration text: keys with dots, nested braces, lists, quotes, comments. Everything that needs
/// resolving (includes, substitutions) has been resolved before.
/// </summary>
internal sealed class ConfigParser(string text)
{
    private int _at;

    internal static ConfigObject Parse(string text)
    {
        var parser = new ConfigParser(text);
        parser.SkipSeparators();
        var braced = parser.TryTake('{');
        var root = parser.ReadFields(untilBrace: braced);
        parser.SkipSeparators();
        return parser._at == text.Length ? root : throw parser.Error("unexpected text");
    }

    private ConfigObject ReadFields(bool untilBrace)
    {
        var fields = ConfigObject.Empty;
        while (true)
        {
            SkipSeparators();
            if (_at == text.Length)
            {
                return untilBrace ? throw Error("a closing brace is missing") : fields;
            }

            if (untilBrace && TryTake('}'))
            {
                return fields;
            }

            fields = ReadField().Over(fields);
        }
    }

    private ConfigObject ReadField()
    {
        var keys = ReadKeys();
        SkipBlanks();
        ConfigNode value;
        if (TryTake('{'))
        {
            value = ReadFields(untilBrace: true);
        }
        else if (TryTake('=') || TryTake(':'))
        {
            SkipLines();
            value = ReadValue();
        }
        else
        {
            throw Error($"= or {{ expected after [{string.Join('.', keys)}]");
        }

        for (var i = keys.Count - 1; i >= 0; i--)
        {
            value = new ConfigObject(new Dictionary<string, ConfigNode>(StringComparer.Ordinal) { [keys[i]] = value });
        }

        return (ConfigObject)value;
    }

    private List<string> ReadKeys()
    {
        var keys = new List<string>();
        do
        {
            SkipBlanks();
            var start = _at;
            if (Peek() == '"')
            {
                keys.Add(ReadQuoted());
            }
            else
            {
                while (_at < text.Length && !"=:{}[],.\"#\n".Contains(text[_at], StringComparison.Ordinal))
                {
                    _at++;
                }

                keys.Add(text[start.._at].Trim());
            }

            if (keys[^1].Length == 0)
            {
                throw Error("a key is missing");
            }

            SkipBlanks();
        }
        while (TryTake('.'));
        return keys;
    }

    private ConfigNode ReadValue()
    {
        if (TryTake('{'))
        {
            return ReadFields(untilBrace: true);
        }

        return TryTake('[') ? ReadList() : new ConfigText(ReadText());
    }

    private ConfigList ReadList()
    {
        var items = new List<ConfigNode>();
        while (true)
        {
            SkipSeparators();
            if (_at == text.Length)
            {
                throw Error("a closing bracket is missing");
            }

            if (TryTake(']'))
            {
                return new ConfigList(items);
            }

            items.Add(ReadValue());
        }
    }

    /// <summary>Reads the rest of the value: quoted and bare pieces up to a separator.</summary>
    private string ReadText()
    {
        var value = new StringBuilder();
        var quotedTo = 0;
        while (_at < text.Length && !AtComment() && !"{}[],\n".Contains(text[_at], StringComparison.Ordinal))
        {
            if (text[_at] == '"')
            {
                value.Append(ReadQuoted());
                quotedTo = value.Length;
            }
            else
            {
                value.Append(text[_at++]);
            }
        }

        while (value.Length > quotedTo && char.IsWhiteSpace(value[^1]))
        {
            value.Length--;
        }

        return value.ToString();
    }

    private string ReadQuoted()
    {
        if (text.AsSpan(_at).StartsWith("\"\"\""))
        {
            var end = text.IndexOf("\"\"\"", _at + 3, StringComparison.Ordinal);
            var raw = end < 0 ? throw Error("closing quotes are missing") : text[(_at + 3)..end];
            _at = end + 3;
            return raw;
        }

        var value = new StringBuilder();
        for (_at++; _at < text.Length && text[_at] is not '"' and not '\n'; _at++)
        {
            value.Append(text[_at] == '\\' ? ReadEscape() : text[_at]);
        }

        return TryTake('"') ? value.ToString() : throw Error("a closing quote is missing");
    }

    private char ReadEscape()
    {
        _at++;
        switch (Peek())
        {
            case 'n':
                return '\n';
            case 't':
                return '\t';
            case 'r':
                return '\r';
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case '"' or '\\' or '/':
                return text[_at];
            case 'u' when _at + 4 < text.Length:
                var code = Convert.ToUInt16(text.Substring(_at + 1, 4), 16);
                _at += 4;
                return (char)code;
            default:
                throw Error("unknown escape");
        }
    }

    private char Peek() => _at < text.Length ? text[_at] : '\0';

    private bool TryTake(char expected)
    {
        if (Peek() != expected || _at == text.Length)
        {
            return false;
        }

        _at++;
        return true;
    }

    private bool AtComment() => Peek() == '#' || text.AsSpan(_at).StartsWith("//");

    private void SkipBlanks()
    {
        while (_at < text.Length && text[_at] != '\n' && char.IsWhiteSpace(text[_at]))
        {
            _at++;
        }
    }

    private void SkipLines() => Skip(commas: false);

    private void SkipSeparators() => Skip(commas: true);

    private void Skip(bool commas)
    {
        while (_at < text.Length)
        {
            if (AtComment())
            {
                while (_at < text.Length && text[_at] != '\n')
                {
                    _at++;
                }
            }
            else if (char.IsWhiteSpace(text[_at]) || (commas && text[_at] == ','))
            {
                _at++;
            }
            else
            {
                return;
            }
        }
    }

    private ConfigurationException Error(string what)
    {
        var line = 1 + text.AsSpan(0, Math.Min(_at, text.Length)).Count('\n');
        return new ConfigurationException($"Line {line} of the configuration: {what}");
    }
}
