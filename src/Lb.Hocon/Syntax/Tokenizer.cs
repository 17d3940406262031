namespace Lb.Hocon.Syntax;

/// <summary>Splits a text into tokens, in one pass. Comments yield nothing; errors are tokens too.</summary>
internal sealed partial class Tokenizer(string source, string text)
{
    private int _position;
    private int _line = 1;
    private int _lineStart;

    private HoconOrigin Here => new(source, _line, _position - _lineStart + 1);

    public Token Next()
    {
        SkipComment();
        if (_position == text.Length)
        {
            return new Token(TokenKind.End, Here, "");
        }

        char c = text[_position];
        return c switch
        {
            '\n' => Newline(),
            '{' => Symbol(TokenKind.OpenBrace, "{"),
            '}' => Symbol(TokenKind.CloseBrace, "}"),
            '[' => Symbol(TokenKind.OpenBracket, "["),
            ']' => Symbol(TokenKind.CloseBracket, "]"),
            ',' => Symbol(TokenKind.Comma, ","),
            ':' => Symbol(TokenKind.Colon, ":"),
            '=' => Symbol(TokenKind.EqualSign, "="),
            '"' => Follows("\"\"\"") ? TripleQuoted() : Quoted(),
            '+' when Follows("+=") => Symbol(TokenKind.PlusEquals, "+="),
            '$' when Follows("${?") => Symbol(TokenKind.OpenOptionalSubstitution, "${?"),
            '$' when Follows("${") => Symbol(TokenKind.OpenSubstitution, "${"),
            '-' or (>= '0' and <= '9') => NumberOrText(),
            _ when Characters.IsWhitespace(c) => Whitespace(),
            _ when Characters.Forbidden.Contains(c) => Forbidden(c),
            _ => Word(),
        };
    }

    private bool Follows(string what) => text.AsSpan(_position).StartsWith(what, StringComparison.Ordinal);

    private bool StartsComment(int at) =>
        text[at] == '#' || (text[at] == '/' && at + 1 < text.Length && text[at + 1] == '/');

    private void SkipComment()
    {
        if (_position < text.Length && StartsComment(_position))
        {
            int end = text.IndexOf('\n', _position);
            _position = end < 0 ? text.Length : end;
        }
    }

    private Token Newline()
    {
        var token = new Token(TokenKind.Newline, Here, "\n");
        _position++;
        _line++;
        _lineStart = _position;
        return token;
    }

    private Token Symbol(TokenKind kind, string symbol)
    {
        var token = new Token(kind, Here, symbol);
        _position += symbol.Length;
        return token;
    }

    private Token Whitespace()
    {
        int end = _position;
        while (end < text.Length && text[end] != '\n' && Characters.IsWhitespace(text[end]))
        {
            end++;
        }

        return Take(TokenKind.Whitespace, end);
    }

    private Token Word()
    {
        if (Follows("true"))
        {
            return Symbol(TokenKind.True, "true");
        }

        if (Follows("false"))
        {
            return Symbol(TokenKind.False, "false");
        }

        if (Follows("null"))
        {
            return Symbol(TokenKind.Null, "null");
        }

        int end = _position;
        while (end < text.Length && !Characters.Forbidden.Contains(text[end])
            && !Characters.IsWhitespace(text[end]) && !StartsComment(end))
        {
            end++;
        }

        return Take(TokenKind.Text, end);
    }

    /// <summary>Takes what could be a number; what is none, such as an address or a version, is text.</summary>
    private Token NumberOrText()
    {
        int end = _position;
        while (end < text.Length && (text[end] is '-' or '.' or 'e' or 'E' || char.IsAsciiDigit(text[end]) || IsExponentPlus(end)))
        {
            end++;
        }

        ReadOnlySpan<char> run = text.AsSpan(_position, end - _position);
        if (!JsonText.IsNumber(run) && run.IndexOf('+') is int plus and >= 0)
        {
            end = _position + plus;
        }

        return Take(JsonText.IsNumber(text.AsSpan(_position, end - _position)) ? TokenKind.Number : TokenKind.Text, end);
    }

    private bool IsExponentPlus(int at) =>
        text[at] == '+' && at > _position && text[at - 1] is 'e' or 'E' && !(at + 1 < text.Length && text[at + 1] == '=');

    private Token Take(TokenKind kind, int end)
    {
        var token = new Token(kind, Here, text[_position..end]);
        _position = end;
        return token;
    }

    private Token Forbidden(char c)
    {
        HoconOrigin here = Here;
        _position++;
        string mend = c == '$' ? "write ${path} for a substitution, or put the text in quotes" : "put the text in quotes";
        return Bad(here, $"'{c}'", "a character that may stand outside quotes", mend);
    }

    private static Token Bad(HoconOrigin origin, string found, string expected, string mend) =>
        new(TokenKind.Bad, origin, found, new HoconError(origin, found, expected, mend));
}
