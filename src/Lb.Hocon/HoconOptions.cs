using Lb.Hocon.Includes;

namespace Lb.Hocon;

/// <summary>What a parse may reach outside the document, and how much it may use.</summary>
public sealed record HoconOptions
{
    /// <summary>The options used when none are given.</summary>
    public static HoconOptions Default { get; } = new();

    /// <summary>Looks up a substitution that no document sets; null means undefined.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>Opens a file by full path; null means that it does not exist.</summary>
    public Func<string, Stream?> OpenFile { get; init; } = SourceReader.OpenFile;

    /// <summary>Opens what <c>classpath()</c> names (an embedded resource, say); null means that it does not exist.</summary>
    public Func<string, Stream?>? OpenResource { get; init; }

    /// <summary>Opens an absolute URL. Without this hook, including a URL is an error.</summary>
    public Func<Uri, Stream?>? OpenUrl { get; init; }

    /// <summary>The directory that relative includes in a text, as against a file, are found in.</summary>
    public string? BaseDirectory { get; init; }

    /// <summary>Levels of objects and arrays, in the source and in the resolved tree.</summary>
    public int MaxDepth { get; init; } = 256;

    /// <summary>Bytes of a document together with all that it includes.</summary>
    public int MaxDocumentSize { get; init; } = 4 * 1024 * 1024;

    /// <summary>Include statements followed in one document, nested ones counted.</summary>
    public int MaxIncludes { get; init; } = 1000;

    /// <summary>Nodes and characters that resolution may produce; ends substitutions that multiply.</summary>
    public int MaxResolvedSize { get; init; } = 16 * 1024 * 1024;

    /// <summary>Substitutions that lead to one another in one chain.</summary>
    public int MaxSubstitutionDepth { get; init; } = 500;

    /// <summary>Errors after which parsing or resolving stops.</summary>
    public int MaxErrors { get; init; } = 50;
}
