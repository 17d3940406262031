namespace Lb.Hocon;

/// <summary>Where a key or value stands. Line and column count from 1; line 0 means the source as a whole.</summary>
/// <param name="Source">A file path, or a description of another source.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column in UTF-16 units, from 1.</param>
public readonly record struct HoconOrigin(string Source, int Line, int Column)
{
    /// <summary>Renders <c>source:line:column</c>, the form editors understand.</summary>
    public override string ToString() => Line == 0 ? Source : $"{Source}:{Line}:{Column}";
}
