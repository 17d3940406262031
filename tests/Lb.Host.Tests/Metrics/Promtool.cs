using Lb.Testing;

namespace Lb.Host.Tests.Metrics;

/// <summary>Prometheus' own judgement of what is exposed: its parser, and its rules for names and types.</summary>
internal static class Promtool
{
    /// <summary>Nothing is wrong with what a scrape got.</summary>
    public static void AssertClean(string metrics) =>
        Assert.Equal("", Run(metrics, file => Command.TryRun("sh", "-c", $"promtool check metrics < {file}")));

    /// <summary>What it says of alert rules that it finds right.</summary>
    public static string CheckRules(string rules) => Run(rules, file => Command.TryRun("promtool", "check", "rules", file));

    private static string Run(string text, Func<string, (int ExitCode, string Output, string Error)> run)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, text);
            (int exitCode, string output, string error) = run(file);
            Assert.True(exitCode == 0, $"promtool found fault ({exitCode}):\n{output}{error}");
            return output + error;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
