using System.Globalization;
using System.Text;
using Lb.Hocon.Tree;

namespace Lb.Hocon.Syntax;

/// <summary>
/// Reads a properties file: lines of key and value, all values strings. Keys are split at every dot, and where a key
/// is both a string and an object, the object wins whatever the order.
/// </summary>
internal sealed class PropertiesParser(ParseSession session, string source, string text, int depth)
{
    private int _position;
    private int _line = 1;

    public ObjectNode Parse()
    {
        var root = new ObjectNode(new HoconOrigin(source, 1, 1));
        while (_position < text.Length)
        {
            int line = _line;
            string logical = ReadLogicalLine();
            if (logical.Length == 0 || logical[0] is '#' or '!')
            {
                continue;
            }

            var origin = new HoconOrigin(source, line, 1);
            int separator = FindSeparator(logical);
            string[] path = Unescape(logical.AsSpan(0, separator), origin).Split('.');
            string value = Unescape(ValueOf(logical, separator), origin);
            if (depth + path.Length > session.Options.MaxDepth)
            {
                session.Report(new HoconError(origin, "a key of too many elements", $"at most {session.Options.MaxDepth} levels", "shorten the key"));
            }
            else if (!IsObject(root, path))
            {
                root.Add(path, new Layer(origin, new ScalarNode(new HoconString(value, origin))));
            }
        }

        return root;
    }

    private static bool IsObject(ObjectNode root, string[] path)
    {
        Node node = root;
        foreach (string key in path)
        {
            if (node is not ObjectNode here || !here.Fields.TryGetValue(key, out List<Layer>? stack))
            {
                return false;
            }

            node = stack[^1].Node;
        }

        return node is ObjectNode;
    }

    /// <summary>Joins lines that end in an odd number of backslashes; leading blanks of each are dropped.</summary>
    private string ReadLogicalLine()
    {
        var logical = new StringBuilder();
        bool continues = true;
        while (continues && _position < text.Length)
        {
            int end = text.IndexOf('\n', _position);
            end = end < 0 ? text.Length : end;
            ReadOnlySpan<char> line = text.AsSpan(_position, end - _position).TrimEnd('\r').TrimStart(" \t\f\uFEFF");
            _position = Math.Min(text.Length, end + 1);
            _line++;
            bool comment = logical.Length == 0 && line.Length > 0 && line[0] is '#' or '!';
            int backslashes = line.Length - line.TrimEnd('\\').Length;
            continues = !comment && backslashes % 2 == 1;
            logical.Append(continues ? line[..^1] : line);
        }

        return logical.ToString();
    }

    private static int FindSeparator(string line)
    {
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '\\')
            {
                i++;
            }
            else if (line[i] is '=' or ':' or ' ' or '\t' or '\f')
            {
                return i;
            }
        }

        return line.Length;
    }

    private static ReadOnlySpan<char> ValueOf(string line, int separator)
    {
        ReadOnlySpan<char> rest = line.AsSpan(separator).TrimStart(" \t\f");
        return rest.Length > 0 && rest[0] is '=' or ':' ? rest[1..].TrimStart(" \t\f") : rest;
    }

    private string Unescape(ReadOnlySpan<char> escaped, HoconOrigin origin)
    {
        var plain = new StringBuilder(escaped.Length);
        for (int i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] != '\\' || i + 1 == escaped.Length)
            {
                plain.Append(escaped[i]);
                continue;
            }

            char kind = escaped[++i];
            if (kind == 'u')
            {
                if (i + 4 >= escaped.Length || !ushort.TryParse(
                    escaped.Slice(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort unit))
                {
                    session.Report(new HoconError(origin, "a malformed \\u escape", "\\u and four hexadecimal digits", "complete the escape"));
                    return "";
                }

                plain.Append((char)unit);
                i += 4;
                continue;
            }

            plain.Append(kind switch { 't' => '\t', 'n' => '\n', 'r' => '\r', 'f' => '\f', _ => kind });
        }

        return plain.ToString();
    }
}
