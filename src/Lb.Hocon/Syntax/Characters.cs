using System.Buffers;
using System.Globalization;

namespace Lb.Hocon.Syntax;

/// <summary>The character classes of the specification.</summary>
internal static class Characters
{
    /// <summary>Characters that end an unquoted string; whitespace and <c>//</c> do too.</summary>
    public static readonly SearchValues<char> Forbidden = SearchValues.Create("$\"{}[]:=,+#`^?!@*&\\");

    /// <summary>Characters that a rendered path element may have without quotes.</summary>
    public static readonly SearchValues<char> PlainKey =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

    /// <summary>Whitespace of HOCON: Unicode separators of all kinds, ASCII controls that separate, and the BOM.</summary>
    public static bool IsWhitespace(char c) => c switch
    {
        ' ' or (>= '\t' and <= '\r') or (>= '\u001C' and <= '\u001F') or '\uFEFF' => true,
        < '\u0080' => false,
        _ => char.GetUnicodeCategory(c)
            is UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator,
    };
}
