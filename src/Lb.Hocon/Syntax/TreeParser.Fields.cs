using Lb.Hocon.Tree;

namespace Lb.Hocon.Syntax;

internal sealed partial class TreeParser
{
    private void ParseField(ObjectNode target)
    {
        if (Current is { Kind: TokenKind.Text, Text: "include" })
        {
            ParseInclude(target);
            return;
        }

        Token key = Current;
        string[] path = ParseKey();
        Enter(key.Origin, path.Length - 1);
        _path.AddRange(path);
        try
        {
            bool append = ParseSeparator(path);
            SkipLines();
            Node value = ParseValue();
            Node node = append ? new AppendNode(value.Origin, value) : value;
            target.Add(path, new Layer(key.Origin, node));
        }
        finally
        {
            _path.RemoveRange(_path.Count - path.Length, path.Length);
            _depth -= path.Length - 1;
        }
    }

    private string[] ParseKey()
    {
        var path = new PathParser();
        while (Current.IsSimple || Current.Kind == TokenKind.Whitespace)
        {
            path.Add(Current);
            Advance();
        }

        switch (Current.Kind)
        {
            case TokenKind.OpenSubstitution or TokenKind.OpenOptionalSubstitution:
                throw Unexpected("a key", "substitutions stand in values only; write the key out");
            case TokenKind.Comma when path.IsEmpty:
                throw Unexpected("a key", "remove the comma; one comma separates two fields");
            case TokenKind.Bad:
                throw Unexpected("a key", "");
        }

        return path.IsEmpty
            ? throw Unexpected("a key", "write key = value")
            : path.Finish(Current.Origin);
    }

    /// <summary>Takes the separator behind a key; true for <c>+=</c>.</summary>
    private bool ParseSeparator(string[] key)
    {
        Token afterKey = Current;
        SkipLines();
        switch (Current.Kind)
        {
            case TokenKind.Colon or TokenKind.EqualSign:
                Advance();
                return false;
            case TokenKind.PlusEquals:
                Advance();
                return true;
            case TokenKind.OpenBrace:
                return false;
            case TokenKind.Bad:
                throw Unexpected("", "");
            default:
                Token found = Current.Kind == TokenKind.End ? Current : afterKey;
                throw Unexpected(
                    found, $"'=', ':', '+=' or '{{' after the key {HoconPath.Render(key)}", "give the key a value");
        }
    }

    private ReferenceNode ParseReference()
    {
        Token open = Current;
        Advance();
        var path = new PathParser();
        while (Current.IsSimple || Current.Kind == TokenKind.Whitespace)
        {
            path.Add(Current);
            Advance();
        }

        if (Current.Kind != TokenKind.CloseBrace || path.IsEmpty)
        {
            throw Unexpected(
                path.IsEmpty ? "a path" : "'}' after the path of the substitution", "write ${path} or ${?path}, on one line");
        }

        string[] elements = path.Finish(Current.Origin);
        Advance();
        return new ReferenceNode(open.Origin, elements, open.Kind == TokenKind.OpenOptionalSubstitution, _scope);
    }
}
