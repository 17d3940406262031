using Lb.Hocon.Includes;
using Lb.Hocon.Tree;

namespace Lb.Hocon.Syntax;

internal sealed partial class TreeParser
{
    private const string IncludeForms = "\"name\", file(\"name\"), url(\"name\") or classpath(\"name\"), each also inside required()";

    private void ParseInclude(ObjectNode target)
    {
        Token keyword = Current;
        Advance();
        (SourceKind? kind, bool required, int closings) = ParseIncludeOpening();
        if (Current.Kind != TokenKind.Quoted)
        {
            throw Unexpected($"one quoted name after include: {IncludeForms}", "put the name in quotes, or quote \"include\" for a key of that name");
        }

        var statement = new IncludeStatement(Current.Origin, kind, Current.Text, required);
        Advance();
        ParseIncludeClosing(closings);
        if (_arrays > 0)
        {
            // An array's elements have no path that the included file's substitutions could be looked up under.
            throw new ParseFailure(new HoconError(
                keyword.Origin, "include inside an array", "include in an object that no array holds", "include under a key and refer to it with ${key}"));
        }

        var scope = new IncludeScope([.. _scope?.Prefix ?? [], .. _path], _scope);
        ObjectNode? included = new IncludeLoader(_session).Load(statement, _source, scope, _depth - 1);
        if (included is not null)
        {
            target.MergeFrom(included);
        }
    }

    private (SourceKind? Kind, bool Required, int Closings) ParseIncludeOpening()
    {
        SourceKind? kind = null;
        bool required = false;
        int closings = 0;
        for (SkipLines(); Current.Kind == TokenKind.Text; SkipLines())
        {
            ReadOnlySpan<char> rest = Current.Text;
            while (rest.Length > 0)
            {
                int open = rest.IndexOf('(');
                ReadOnlySpan<char> word = open < 0 ? rest : rest[..open];
                SourceKind? named = word switch
                {
                    "file" => SourceKind.File,
                    "url" => SourceKind.Url,
                    "classpath" => SourceKind.Resource,
                    _ => null,
                };
                bool isRequired = word is "required" && !required;
                if (open < 0 || kind is not null || (named is null && !isRequired))
                {
                    throw Unexpected($"include of {IncludeForms}", "write one of these forms");
                }

                kind = named;
                required |= isRequired;
                closings++;
                rest = rest[(open + 1)..];
            }

            Advance();
        }

        return (kind, required, closings);
    }

    private void ParseIncludeClosing(int closings)
    {
        while (closings > 0)
        {
            SkipLines();
            if (Current.Kind != TokenKind.Text || Current.Text.Length > closings || Current.Text.AsSpan().ContainsAnyExcept(')'))
            {
                throw Unexpected("')' after the name of the include", "close each bracket that the include opens");
            }

            closings -= Current.Text.Length;
            Advance();
        }
    }
}
