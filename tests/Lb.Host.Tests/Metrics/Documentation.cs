namespace Lb.Host.Tests.Metrics;

/// <summary>What operators read of metrics.</summary>
internal static class Documentation
{
    /// <summary>docs/operations.md.</summary>
    public static string Operations { get; } = Read();

    /// <summary>The alert rules that it shows.</summary>
    public static string Rules { get; } = Operations
        .Split("```yaml\n")
        .Select(block => block.Split("```")[0])
        .Single(block => block.StartsWith("groups:"));

    private static string Read()
    {
        using Stream stream = typeof(Documentation).Assembly.GetManifestResourceStream("operations.md")!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
