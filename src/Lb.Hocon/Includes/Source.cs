namespace Lb.Hocon.Includes;

internal enum SourceKind
{
    Text,
    File,
    Resource,
    Url,
}

/// <summary>A source of configuration text: a full path, a resource's name, a URL or a text's description.</summary>
internal sealed record Source(SourceKind Kind, string Name)
{
    public bool HasExtension(string extension) => Name.EndsWith(extension, StringComparison.Ordinal);
}

/// <summary>An include as it stands in a source.</summary>
/// <param name="Origin">Where the name stands.</param>
/// <param name="Kind">What <c>file()</c>, <c>url()</c> or <c>classpath()</c> says; null for a bare quoted name.</param>
/// <param name="Name">The quoted name.</param>
/// <param name="Required">Whether a missing source is an error.</param>
internal sealed record IncludeStatement(HoconOrigin Origin, SourceKind? Kind, string Name, bool Required);
