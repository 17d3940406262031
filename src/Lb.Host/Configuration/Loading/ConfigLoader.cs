using Lb.Hocon;

namespace Lb.Host.Configuration;

/// <summary>From a site file to checked records: parse, fall back to the defaults, resolve, check, bind.</summary>
internal static class ConfigLoader
{
    /// <summary>Larger than a thousand services with a thousand backends each.</summary>
    private static readonly HoconOptions s_options = new() { MaxDocumentSize = 128 * 1024 * 1024 };

    public static LoadResult LoadFile(string path) => Load(path, () => HoconParser.ParseFile(path, s_options));

    /// <summary>As <see cref="LoadFile"/>; the text's issues carry <paramref name="source"/> as their file.</summary>
    public static LoadResult LoadText(string text, string source) =>
        Load(source, () => HoconParser.ParseText(text, source, s_options));

    private static LoadResult Load(string source, Func<HoconDocument> parse)
    {
        HoconObject root;
        try
        {
            root = parse().WithFallback(Reference.Parse()).Resolve();
        }
        catch (HoconException e)
        {
            return new LoadResult(null, [.. e.Errors.Select(Describe)]);
        }

        IssueList issues = new();
        LoadedConfig? config = SiteCheck.Run(root, issues);
        return new LoadResult(config, [.. issues.ToImmutableArray().Select(i => Place(i, source))]);
    }

    private static ConfigIssue Describe(HoconError error) =>
        new(Severity.Error, error.Origin, "", $"found {error.Found}", error.Expected, error.Mend);

    /// <summary>A fault of a default is what the site file lacks: it is shown at the start of that file.</summary>
    private static ConfigIssue Place(ConfigIssue issue, string source) => issue.Origin.Source == Reference.Source
        ? issue with { Origin = new HoconOrigin(source, 1, 1) }
        : issue;
}
