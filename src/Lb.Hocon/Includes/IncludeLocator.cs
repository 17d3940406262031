using Lb.Hocon.Syntax;

namespace Lb.Hocon.Includes;

/// <summary>Tells which source an include names.</summary>
internal static class IncludeLocator
{
    public const string Hocon = ".conf";
    public const string Json = ".json";
    public const string Properties = ".properties";

    private static readonly string[] UrlSchemes = ["http", "https", "ftp", "file"];

    /// <summary>The places to look at, in order; the first where anything exists is taken.</summary>
    public static IEnumerable<Source> Locate(IncludeStatement include, Source includer, HoconOptions options)
    {
        if (include.Kind == SourceKind.Url || (include.Kind is null && TryUrl(include.Name, out _)))
        {
            return [Url(include, options)];
        }

        if (include.Kind == SourceKind.Resource || (include.Kind is null && includer.Kind == SourceKind.Resource))
        {
            return [Resource(include.Name, includer)];
        }

        if (include.Kind is null && includer.Kind == SourceKind.Url)
        {
            return [Url(include with { Name = new Uri(new Uri(includer.Name), include.Name).AbsoluteUri }, options)];
        }

        var fallback = new Source(SourceKind.Resource, include.Name.TrimStart('/'));
        bool canFallBack = include.Kind is null && options.OpenResource is not null;
        Source? file = File(include, includer, options.BaseDirectory, canFallBack);
        return (file, canFallBack) switch
        {
            (null, _) => [fallback],
            (_, true) => [file, fallback],
            _ => [file],
        };
    }

    /// <summary>
    /// The sources that a name without a known extension stands for, the weakest first; a name with one, or a URL,
    /// stands for itself.
    /// </summary>
    public static IReadOnlyList<Source> Expand(Source source)
    {
        bool exact = source.Kind == SourceKind.Url
            || source.HasExtension(Hocon) || source.HasExtension(Json) || source.HasExtension(Properties);
        return exact
            ? [source]
            : [.. new[] { Properties, Json, Hocon }.Select(extension => source with { Name = source.Name + extension })];
    }

    private static bool TryUrl(string name, out Uri? url) =>
        Uri.TryCreate(name, UriKind.Absolute, out url)
        && name.StartsWith(url.Scheme + ":", StringComparison.OrdinalIgnoreCase) && UrlSchemes.Contains(url.Scheme);

    private static Source Url(IncludeStatement include, HoconOptions options)
    {
        if (!TryUrl(include.Name, out Uri? url))
        {
            throw Failure(include, "a URL with a known scheme", "write the URL in full, or use file()");
        }

        if (url!.IsFile)
        {
            return new Source(SourceKind.File, url.LocalPath);
        }

        return options.OpenUrl is not null
            ? new Source(SourceKind.Url, url.AbsoluteUri)
            : throw Failure(include, "a file, since URLs are not fetched here", "store the file locally and include that");
    }

    private static Source Resource(string name, Source includer)
    {
        int directory = includer.Kind == SourceKind.Resource ? includer.Name.LastIndexOf('/') : -1;
        string resource = name.StartsWith('/') || directory < 0 ? name.TrimStart('/') : includer.Name[..(directory + 1)] + name;
        return new Source(SourceKind.Resource, resource);
    }

    /// <summary>A path relative to the including file, never to the process's working directory.</summary>
    private static Source? File(IncludeStatement include, Source includer, string? baseDirectory, bool canFallBack)
    {
        if (include.Name.Length == 0 || include.Name.Contains('\0'))
        {
            throw Failure(include, "a file name", "name the file");
        }

        string? directory = includer.Kind == SourceKind.File ? Path.GetDirectoryName(includer.Name) : baseDirectory;
        if (Path.IsPathFullyQualified(include.Name))
        {
            return new Source(SourceKind.File, Path.GetFullPath(include.Name));
        }

        if (directory is not null)
        {
            return new Source(SourceKind.File, Path.GetFullPath(Path.Combine(directory, include.Name), Path.GetFullPath(directory)));
        }

        return canFallBack
            ? null
            : throw Failure(include, "an absolute path, since the including text stands in no directory", "write the full path");
    }

    private static ParseFailure Failure(IncludeStatement include, string expected, string mend) =>
        new(new HoconError(include.Origin, $"include of {JsonText.QuoteShort(include.Name)}", expected, mend));
}
