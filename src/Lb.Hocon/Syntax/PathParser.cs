using System.Text;

namespace Lb.Hocon.Syntax;

/// <summary>
/// Builds a path from the tokens of a key or substitution: text is split at its dots, quoted strings are not, and
/// whitespace between two pieces stays.
/// </summary>
internal sealed class PathParser
{
    private readonly List<string> _elements = [];
    private readonly StringBuilder _element = new();
    private string _blank = "";
    private bool _quoted;

    public bool IsEmpty { get; private set; } = true;

    public void Add(Token token)
    {
        if (token.Kind == TokenKind.Whitespace)
        {
            _blank = IsEmpty ? "" : token.Text;
            return;
        }

        IsEmpty = false;
        _element.Append(_blank);
        _blank = "";
        if (token.Kind == TokenKind.Quoted)
        {
            _element.Append(token.Text);
            _quoted = true;
            return;
        }

        int start = 0;
        for (int dot; (dot = token.Text.IndexOf('.', start)) >= 0; start = dot + 1)
        {
            _element.Append(token.Text, start, dot - start);
            EndElement(token.Origin with { Column = token.Origin.Column + dot });
        }

        _element.Append(token.Text, start, token.Text.Length - start);
    }

    public string[] Finish(HoconOrigin end)
    {
        EndElement(end);
        return [.. _elements];
    }

    public static string[] ParseAlone(string text)
    {
        var tokens = new Tokenizer("path", text);
        var path = new PathParser();
        while (true)
        {
            Token token = tokens.Next();
            if (token.Kind == TokenKind.End && !path.IsEmpty)
            {
                return path.FinishAlone(token.Origin);
            }

            if (!token.IsSimple && token.Kind != TokenKind.Whitespace)
            {
                throw new HoconException(token.Error ?? new HoconError(
                    token.Origin, token.Describe(), "a path such as a.b.c", "put the element in quotes"));
            }

            path.AddAlone(token);
        }
    }

    private void AddAlone(Token token)
    {
        try
        {
            Add(token);
        }
        catch (ParseFailure failure)
        {
            throw new HoconException(failure.Error);
        }
    }

    private string[] FinishAlone(HoconOrigin end)
    {
        try
        {
            return Finish(end);
        }
        catch (ParseFailure failure)
        {
            throw new HoconException(failure.Error);
        }
    }

    private void EndElement(HoconOrigin at)
    {
        if (_element.Length == 0 && !_quoted)
        {
            throw new ParseFailure(new HoconError(
                at, "an empty path element", "a name between dots", "remove the dot, or write \"\" for an empty key"));
        }

        _elements.Add(_element.ToString());
        _element.Clear();
        _quoted = false;
    }
}
