using Lb.Testing;

namespace Lb.Host.Tests.Metrics;

/// <summary>Prometheus' own judgement of what is exposed: its parser, and its rules for names and types.</summary>
internal static class Promtool
{
    public static void AssertClean(string metrics)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, metrics);
            (int exitCode, string output, string error) = Command.TryRun("sh", "-c", $"promtool check metrics < {file}");
            Assert.True(exitCode == 0 && output + error == "", $"promtool found fault ({exitCode}):\n{output}{error}");
        }
        finally
        {
            File.Delete(file);
        }
    }
}
