using System.Text;
using Lb.Hocon.Syntax;

namespace Lb.Hocon;

/// <summary>A path through nested objects: <c>a.b."c.d"</c>.</summary>
public sealed class HoconPath
{
    private readonly string[] _elements;

    /// <summary>Creates a path from its elements, which are taken as they are.</summary>
    public HoconPath(params IEnumerable<string> elements) => _elements = [.. elements];

    /// <summary>The elements, unquoted.</summary>
    public IReadOnlyList<string> Elements => _elements;

    /// <summary>Parses a path expression.</summary>
    /// <exception cref="HoconException">The text is no path expression.</exception>
    public static HoconPath Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new HoconPath(PathParser.ParseAlone(text));
    }

    /// <summary>Renders the path, quoting the elements that need it.</summary>
    public override string ToString() => Render(_elements);

    internal static string Render(IReadOnlyList<string> elements)
    {
        var text = new StringBuilder();
        for (int i = 0; i < elements.Count; i++)
        {
            if (i > 0)
            {
                text.Append('.');
            }

            if (NeedsQuotes(elements[i]))
            {
                JsonText.AppendQuoted(text, elements[i]);
            }
            else
            {
                text.Append(elements[i]);
            }
        }

        return text.ToString();
    }

    private static bool NeedsQuotes(string element) =>
        element.Length == 0 || element.AsSpan().ContainsAnyExcept(Characters.PlainKey);
}
