using System.Text.Json;

namespace Lb.ActorBench;

/// <summary>Keeps the figures of a run.</summary>
internal static class Results
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    /// <summary>Writes the figures as JSON; returns the path.</summary>
    public static string Save(IReadOnlyList<Figure> figures, string directory)
    {
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, "actors.json");
        var content = new
        {
            Time = DateTimeOffset.UtcNow,
            Kernel = Environment.OSVersion.VersionString,
            Processors = Environment.ProcessorCount,
            Runtime = Environment.Version.ToString(),
            Figures = figures,
        };
        File.WriteAllText(path, JsonSerializer.Serialize(content, Json) + Environment.NewLine);
        return path;
    }
}
