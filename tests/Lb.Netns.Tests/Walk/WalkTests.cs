using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;
using Lb.Testing.Pages;

namespace Lb.Netns.Tests.Walk;

/// <summary>The page for operators leads from install to rollback: every command of it, as written.</summary>
public sealed class WalkTests
{
    private const string Title = "From install to rollback";
    private const int FewestCommands = 40;

    private static readonly MarkdownPage s_page = MarkdownPage.Read(Walker.Sources, "docs/operations.md");

    /// <summary>Steps of an operator that the walk has to show, each as the beginning of a command.</summary>
    private static readonly string[] s_stations =
    [
        "make install", "lbd --config /etc/lb/site.conf --check", "pbm doctor", "pbm service list", "pbm service show",
        "pbm service set", "pbm backend list", "pbm backend add", "pbm backend weight", "pbm backend drain", "pbm flow lookup",
        "pbm config check", "pbm config plan", "pbm config apply", "pbm config diff", "pbm config history", "pbm config rollback",
        "pbm kernel check", "pbm kernel repair", "pbm log tail", "pbm log level", "pbm token add", "pbm token list",
        "pbm token revoke", "pbm cluster status",
    ];

    private static IReadOnlyList<ConsoleStep> Steps =>
    [
        .. s_page.Blocks()
            .Where(block => block.Section == Title && block.Language == "console")
            .SelectMany(block => ConsoleStep.Read(s_page.Name, block)),
    ];

    [Fact]
    public void Walk_has_every_station_of_an_operator()
    {
        Assert.True(Steps.Count >= FewestCommands, $"\"{Title}\" of {s_page.Name} has {Steps.Count} commands");
        Assert.All(s_stations, station => Assert.Contains(
            Steps, step => step.Command.StartsWith(station, StringComparison.Ordinal)));
        Assert.Contains(Steps, step => step.Host == "client");
    }

    [RootFact]
    public void Every_command_does_as_the_page_says()
    {
        using Topology topology = Topology.WithBackends(3);
        foreach (Backend backend in topology.Backends)
        {
            Nginx.Start(topology, backend);
        }

        using (FileStream download = File.Create(Path.Combine(topology.Folder, "image.iso")))
        {
            download.SetLength(20_000_000);
        }

        Walker walker = new(topology);

        // The first that is not as said ends it: what follows builds on it.
        foreach (ConsoleStep step in Steps)
        {
            walker.Take(step);
        }
    }
}
