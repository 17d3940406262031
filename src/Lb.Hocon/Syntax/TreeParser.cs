using System.Runtime.CompilerServices;
using Lb.Hocon.Includes;
using Lb.Hocon.Tree;

namespace Lb.Hocon.Syntax;

/// <summary>Parses one source by recursive descent, one token ahead.</summary>
internal sealed partial class TreeParser
{
    private readonly ParseSession _session;
    private readonly Source _source;
    private readonly IncludeScope? _scope;
    private readonly Tokenizer _tokens;
    private readonly List<string> _path = [];
    private int _arrays;
    private int _depth;

    /// <summary>Prepares to parse one source.</summary>
    /// <param name="session">The document that the source is part of.</param>
    /// <param name="source">What is parsed, for errors and as the anchor of its includes.</param>
    /// <param name="text">The text.</param>
    /// <param name="scope">Where it is included; null for the outermost source.</param>
    /// <param name="depth">The levels of objects around it.</param>
    public TreeParser(ParseSession session, Source source, string text, IncludeScope? scope, int depth)
    {
        _session = session;
        _source = source;
        _scope = scope;
        _depth = depth;
        _tokens = new Tokenizer(source.Name, text);
        Current = _tokens.Next();
    }

    private Token Current { get; set; }

    /// <summary>Parses the whole source. What is wrong is reported to the session; the tree is then unusable.</summary>
    public Node ParseRoot()
    {
        HoconOrigin start = Current.Origin;
        try
        {
            SkipLines();
            Node root = Current.Kind switch
            {
                TokenKind.OpenBracket => ParseArray(),
                TokenKind.OpenBrace => ParseObject(),
                _ => ParseFields(start, closing: null),
            };
            SkipLines();
            return Current.Kind == TokenKind.End
                ? root
                : throw Unexpected("the end of the document", "remove what follows the root's closing bracket");
        }
        catch (ParseFailure failure)
        {
            _session.Report(failure.Error);
            return new ObjectNode(start);
        }
    }

    private ObjectNode ParseObject()
    {
        Token open = Current;
        Advance();
        return ParseFields(open.Origin, TokenKind.CloseBrace);
    }

    private ObjectNode ParseFields(HoconOrigin start, TokenKind? closing)
    {
        Enter(start, levels: 1);
        try
        {
            return ParseFieldsInside(start, closing);
        }
        finally
        {
            _depth--;
        }
    }

    private ArrayNode ParseArray()
    {
        Token open = Current;
        Advance();
        Enter(open.Origin, levels: 1);
        _arrays++;
        try
        {
            return ParseElements(open.Origin);
        }
        finally
        {
            _arrays--;
            _depth--;
        }
    }

    private ObjectNode ParseFieldsInside(HoconOrigin start, TokenKind? closing)
    {
        var node = new ObjectNode(start);
        while (true)
        {
            SkipLines();
            try
            {
                switch (Current.Kind)
                {
                    case TokenKind.End when closing is null:
                        return node;
                    case TokenKind.CloseBrace when closing is not null:
                        Advance();
                        return node;
                    case TokenKind.End:
                        throw Unclosed(start, '{', '}');
                    case TokenKind.CloseBrace:
                        _session.Report(Unexpected("a key", "remove it, or add the { that it closes").Error);
                        Advance();
                        break;
                    default:
                        ParseField(node);
                        EndItem(TokenKind.CloseBrace);
                        break;
                }
            }
            catch (ParseFailure failure) when (!failure.Fatal)
            {
                _session.Report(failure.Error);
                SkipItem(closing);
            }
        }
    }

    private ArrayNode ParseElements(HoconOrigin start)
    {
        var elements = new List<Node>();
        while (true)
        {
            SkipLines();
            try
            {
                switch (Current.Kind)
                {
                    case TokenKind.CloseBracket:
                        Advance();
                        return new ArrayNode(start, elements);
                    case TokenKind.End:
                        throw Unclosed(start, '[', ']');
                    default:
                        elements.Add(ParseValue());
                        EndItem(TokenKind.CloseBracket);
                        break;
                }
            }
            catch (ParseFailure failure) when (!failure.Fatal)
            {
                _session.Report(failure.Error);
                SkipItem(TokenKind.CloseBracket);
            }
        }
    }

    /// <summary>Takes what separates one item from the next: a line's end, a comma, or both.</summary>
    private void EndItem(TokenKind closing)
    {
        bool newLine = SkipLines();
        if (Current.Kind == TokenKind.Comma)
        {
            Advance();
        }
        else if (!newLine && Current.Kind != closing && Current.Kind != TokenKind.End)
        {
            throw Unexpected("a comma or a new line", "separate the two, or put the text in quotes");
        }
    }

    /// <summary>Goes on behind a broken item, so that one mistake gives one error.</summary>
    private void SkipItem(TokenKind? closing)
    {
        int open = 0;
        while (Current.Kind != TokenKind.End)
        {
            switch (Current.Kind)
            {
                case TokenKind.OpenBrace or TokenKind.OpenBracket or TokenKind.OpenSubstitution or TokenKind.OpenOptionalSubstitution:
                    open++;
                    break;
                case TokenKind.Newline or TokenKind.Comma when open == 0:
                    Advance();
                    return;
                case TokenKind.CloseBrace or TokenKind.CloseBracket when open > 0:
                    open--;
                    break;
                case TokenKind.CloseBrace or TokenKind.CloseBracket when Current.Kind == closing:
                    return;
            }

            Advance();
        }
    }

    private void Enter(HoconOrigin at, int levels)
    {
        // The stack check guards callers on small stacks; the limit is what an author meets.
        if (_depth + levels > _session.Options.MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new ParseFailure(
                new HoconError(
                    at, "one more level of nesting", $"at most {_session.Options.MaxDepth} levels", "flatten the document"),
                fatal: true);
        }

        _depth += levels;
    }

    private void Advance() => Current = _tokens.Next();

    private void SkipBlank()
    {
        while (Current.Kind == TokenKind.Whitespace)
        {
            Advance();
        }
    }

    private bool SkipLines()
    {
        bool newLine = false;
        while (Current.Kind is TokenKind.Whitespace or TokenKind.Newline)
        {
            newLine |= Current.Kind == TokenKind.Newline;
            Advance();
        }

        return newLine;
    }

    private ParseFailure Unexpected(string expected, string mend) => Unexpected(Current, expected, mend);

    private static ParseFailure Unexpected(Token token, string expected, string mend) =>
        new(token.Error ?? new HoconError(token.Origin, token.Describe(), expected, mend), token.Kind == TokenKind.End);

    private ParseFailure Unclosed(HoconOrigin open, char opening, char closing) => new(
        new HoconError(
            Current.Origin, "the end of the document", $"'{closing}'", $"close the '{opening}' of line {open.Line}, column {open.Column}"),
        fatal: true);
}
