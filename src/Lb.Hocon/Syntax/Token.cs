namespace Lb.Hocon.Syntax;

internal enum TokenKind
{
    End,
    Newline,
    Whitespace,
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    Comma,
    Colon,
    EqualSign,
    PlusEquals,
    OpenSubstitution,
    OpenOptionalSubstitution,
    Text,
    Number,
    True,
    False,
    Null,
    Quoted,

    /// <summary>What no rule allows; carries the error.</summary>
    Bad,
}

/// <summary>A token: its text as written or, for a quoted string, what it stands for.</summary>
internal readonly record struct Token(TokenKind Kind, HoconOrigin Origin, string Text, HoconError? Error = null)
{
    /// <summary>Whether the token can be part of a string, a key or a path.</summary>
    public bool IsSimple => Kind is >= TokenKind.Text and <= TokenKind.Quoted;

    /// <summary>The token in the words of an error message.</summary>
    public string Describe() => Kind switch
    {
        TokenKind.End => "the end of the document",
        TokenKind.Newline => "the end of the line",
        TokenKind.Whitespace => "whitespace",
        TokenKind.Quoted => $"the string {JsonText.QuoteShort(Text)}",
        _ when Text.Length > 40 => $"'{Text.AsSpan(0, 40)}…'",
        _ => $"'{Text}'",
    };
}
