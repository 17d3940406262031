using System.Reflection;

namespace Lb.Testing.Pages;

/// <summary>A page of the documentation, as far as tests need to understand it.</summary>
/// <param name="name">What failures call it.</param>
/// <param name="text">Markdown.</param>
public sealed class MarkdownPage(string name, string text)
{
    private const string Fence = "```";
    private const string SectionMark = "## ";

    /// <summary>What failures call it.</summary>
    public string Name => name;

    /// <summary>All lines.</summary>
    public IReadOnlyList<string> Lines { get; } = text.Split('\n');

    /// <summary>A page that was built into an assembly.</summary>
    public static MarkdownPage Read(Assembly assembly, string name)
    {
        using Stream stream = assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not built into {assembly.GetName().Name}.");
        using StreamReader reader = new(stream);
        return new MarkdownPage(name, reader.ReadToEnd());
    }

    /// <summary>A page of the sources.</summary>
    public static MarkdownPage Read(string sources, string name) => new(name, File.ReadAllText(Path.Combine(sources, name)));

    /// <summary>The fenced blocks, in order.</summary>
    public IReadOnlyList<CodeBlock> Blocks()
    {
        List<CodeBlock> blocks = [];
        string section = "";
        for (int at = 0; at < Lines.Count; at++)
        {
            if (Lines[at].StartsWith(SectionMark, StringComparison.Ordinal))
            {
                section = Lines[at][SectionMark.Length..].Trim();
            }
            else if (Lines[at].TrimStart().StartsWith(Fence, StringComparison.Ordinal))
            {
                int indent = Lines[at].Length - Lines[at].TrimStart().Length;
                string language = Lines[at].Trim()[Fence.Length..];
                int first = at + 1;
                do
                {
                    at++;
                    if (at == Lines.Count)
                    {
                        throw new InvalidDataException($"{name}:{first}: the block is not closed.");
                    }
                }
                while (Lines[at].Trim() != Fence);
                blocks.Add(new CodeBlock(
                    language,
                    section,
                    first + 1,
                    [.. Lines.Take(at).Skip(first).Select(line => line[Math.Min(indent, line.Length)..])]));
            }
        }

        return blocks;
    }
}
