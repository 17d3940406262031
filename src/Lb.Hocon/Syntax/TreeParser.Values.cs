using System.Text;
using Lb.Hocon.Tree;

namespace Lb.Hocon.Syntax;

internal sealed partial class TreeParser
{
    /// <summary>Parses a value: everything up to the end of the line, a comma or a closing bracket, concatenated.</summary>
    private Node ParseValue()
    {
        Token first = Current;
        var pieces = new List<Node>(1);
        Token blank = default;
        while (ParsePiece() is { } piece)
        {
            if (pieces.Count > 0 && blank.Text is not null)
            {
                pieces.Add(new BlankNode(blank.Origin, blank.Text));
            }

            pieces.Add(piece);
            blank = default;
            if (Current.Kind == TokenKind.Whitespace)
            {
                blank = Current;
                SkipBlank();
            }
        }

        return pieces.Count switch
        {
            0 when first.Kind == TokenKind.Comma => throw Unexpected("a value", "remove the comma; one comma separates two values"),
            0 => throw Unexpected("a value", "write a value, \"\" for an empty string or null for none"),
            1 => pieces[0],
            _ => Concatenate(pieces),
        };
    }

    /// <summary>Parses one piece of a value; null at the value's end.</summary>
    private Node? ParsePiece()
    {
        Token token = Current;
        switch (token.Kind)
        {
            case TokenKind.OpenBrace:
                return ParseObject();
            case TokenKind.OpenBracket:
                return ParseArray();
            case TokenKind.OpenSubstitution or TokenKind.OpenOptionalSubstitution:
                return ParseReference();
            case TokenKind.Bad:
                throw Unexpected("a value", "");
            case TokenKind.Colon or TokenKind.EqualSign or TokenKind.PlusEquals:
                throw Unexpected(
                    "a comma or a new line after the value", "put text with this character in quotes, or complete the field before");
        }

        if (!token.IsSimple)
        {
            return null;
        }

        Advance();
        return new ScalarNode(token.Kind switch
        {
            TokenKind.Number => new HoconNumber(token.Text, token.Origin),
            TokenKind.True or TokenKind.False => new HoconBoolean(token.Kind == TokenKind.True, token.Origin),
            TokenKind.Null => new HoconNull(token.Origin),
            _ => new HoconString(token.Text, token.Origin),
        });
    }

    private static Node Concatenate(List<Node> pieces)
    {
        Node? text = pieces.Find(p => p is ScalarNode);
        if (text is not null && pieces.Find(p => p is ObjectNode or ArrayNode) is { } structure)
        {
            Node second = pieces.IndexOf(text) < pieces.IndexOf(structure) ? structure : text;
            throw new ParseFailure(new HoconError(
                second.Origin, "text beside an object or array", "values of one kind on the line", "separate the two with a comma or a new line"));
        }

        if (!pieces.TrueForAll(p => p is ScalarNode or BlankNode))
        {
            return new ConcatNode(pieces[0].Origin, pieces);
        }

        var joined = new StringBuilder();
        foreach (Node piece in pieces)
        {
            joined.Append(piece is BlankNode blank ? blank.Text : ScalarText.Of(((ScalarNode)piece).Value));
        }

        return new ScalarNode(new HoconString(joined.ToString(), pieces[0].Origin));
    }
}
