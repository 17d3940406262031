namespace Lb.Testing.Pages;

/// <summary>A fenced block of a page.</summary>
/// <param name="Language">What stands behind its fence; empty for nothing.</param>
/// <param name="Section">Title of the section, of the second level, that it is in; empty before the first.</param>
/// <param name="Line">Number of its first line in the page, from 1.</param>
/// <param name="Lines">What it holds, without the indentation of its fence.</param>
public sealed record CodeBlock(string Language, string Section, int Line, IReadOnlyList<string> Lines);
