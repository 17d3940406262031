using Lb.Hocon.Syntax;
using Lb.Hocon.Tree;

namespace Lb.Hocon.Includes;

/// <summary>Loads the sources of a document.</summary>
internal sealed class IncludeLoader(ParseSession session)
{
    /// <summary>Loads the outermost file.</summary>
    public Node LoadRoot(string path)
    {
        var source = new Source(SourceKind.File, Path.GetFullPath(path));
        var origin = new HoconOrigin(path, 0, 0);
        string text = SourceReader.Read(session, source, origin)
            ?? throw new ParseFailure(new HoconError(origin, "no such file", "a configuration file", "check the path"));
        return Parse(source, text, scope: null, depth: 0);
    }

    /// <summary>Loads what an include names; null if it does not exist and need not.</summary>
    public ObjectNode? Load(IncludeStatement include, Source includer, IncludeScope scope, int depth)
    {
        session.CountInclude(include.Origin);
        foreach (Source place in IncludeLocator.Locate(include, includer, session.Options))
        {
            IReadOnlyList<Source> candidates = IncludeLocator.Expand(place);
            ObjectNode? merged = null;
            foreach (Source candidate in candidates)
            {
                merged = Merge(merged, LoadExact(include, candidate, scope, depth));
            }

            if (merged is null && candidates.Count > 1)
            {
                merged = LoadExact(include, place, scope, depth);
            }

            if (merged is not null)
            {
                return merged;
            }
        }

        return !include.Required
            ? null
            : throw new ParseFailure(new HoconError(
                include.Origin, $"required include of {JsonText.QuoteShort(include.Name)}, which does not exist", "an existing source", "create it, or drop required()"));
    }

    private static ObjectNode? Merge(ObjectNode? lower, ObjectNode? upper)
    {
        if (lower is null || upper is null)
        {
            return upper ?? lower;
        }

        lower.MergeFrom(upper);
        return lower;
    }

    private ObjectNode? LoadExact(IncludeStatement include, Source source, IncludeScope scope, int depth)
    {
        if (session.IsActive(source))
        {
            throw new ParseFailure(new HoconError(
                include.Origin, $"an include cycle through {source.Name}", "includes that end", "remove one include of the cycle"));
        }

        if (SourceReader.Read(session, source, include.Origin) is not { } text)
        {
            return null;
        }

        return Parse(source, text, scope, depth) as ObjectNode
            ?? throw new ParseFailure(new HoconError(
                include.Origin, $"{source.Name}, which has an array at its root", "an object at the root", "put the array under a key"));
    }

    private Node Parse(Source source, string text, IncludeScope? scope, int depth)
    {
        if (source.HasExtension(IncludeLocator.Properties))
        {
            return new PropertiesParser(session, source.Name, text, depth).Parse();
        }

        if (source.HasExtension(IncludeLocator.Json) && JsonGrammar.Check(source.Name, text, session.Options.MaxDepth) is { } error)
        {
            session.Report(error);
            return new ObjectNode(error.Origin);
        }

        session.Begin(source);
        try
        {
            return new TreeParser(session, source, text, scope, depth).ParseRoot();
        }
        finally
        {
            session.End();
        }
    }
}
