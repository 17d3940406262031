using System.Text.Json;
using Lb.Testing;

namespace Lb.Host.Tests.Processes;

/// <summary>A real lbd that missed a change: its tables are not those of the others.</summary>
public sealed class ClusterFenceTests
{
    private const int Vips = 8;
    private static readonly int[] All = [0, 1, 2];

    [RootFact]
    public async Task A_node_that_missed_a_change_does_not_answer_for_vips_until_it_has_it()
    {
        await using TemporaryPostgres server = await TemporaryPostgres.StartAsync();
        string database = await server.CreateDatabaseAsync();
        DirectoryInfo ways = Directory.CreateTempSubdirectory("lbh-ways-");
        try
        {
            int started = 0;
            using LbdCluster cluster = new(
                3,
                six: true,
                _ => $"provider = postgresql, connection-string = \"{Through(ways, started++, server, database)}\"",
                services: _ => Config);
            cluster.StartAll();
            Assert.All(All, node => cluster.Until(
                node, () => Holders(cluster, node).Length == Vips && AllEqual(cluster, node), "all have the same table, and each VIP is held"));
            int cut = All.Single(node => cluster.Address(node) == Holders(cluster, 0)[0]);
            int other = All.First(node => node != cut);

            // Its way to the database is cut, and something is changed elsewhere.
            File.Delete(Way(ways, cut));
            await server.EndSessionsAsync(database, $"node{cut}");
            Assert.Equal(0, cluster.Pbm(other, "backend", "weight", "web", "b1", "50").ExitCode);

            cluster.Until(cut, () => cluster.HasLogged(cut, "is another than most nodes have; it is made anew"), "it tries to mend that");
            cluster.Until(cut, () => cluster.HasLogged(cut, "stays another than most nodes have"), "it says that it is apart");
            Assert.NotEqual(0, cluster.Pbm(cut, "cluster", "tables").ExitCode);
            cluster.Until(other, () => Holders(cluster, other) is { Length: Vips } held && !held.Contains(cluster.Address(cut)), "the others have its VIPs");
            cluster.Until(cut, () => SaysWhy(cluster, cut), "it shows why");
            Assert.False(cluster.HasLogged(other, "stays another than most nodes have"));

            // It reads what it has missed, and can take VIPs again.
            Directory.CreateSymbolicLink(Way(ways, cut), server.Folder);
            cluster.Until(cut, () => cluster.HasLogged(cut, "table is that of most nodes again"), "it has what the others have");
            Assert.All(All, node => cluster.Until(node, () => AllEqual(cluster, node), "all have the same table"));
            cluster.Until(cut, () => !SaysWhy(cluster, cut), "it is fit again");
        }
        finally
        {
            // The links go, and not what they lead to.
            All.ToList().ForEach(node => File.Delete(Way(ways, node)));
            ways.Delete();
        }
    }

    private static string Config => $$"""
        announce { mode = arp, interfaces = [client0] }
        services {
        {{string.Join('\n', Enumerable.Range(1, Vips).Select(number => $$"""
          {{(number == 1 ? "web" : $"web{number}")}} {
            vip = "fd00:77::f{{number}}", port = 80, mode = dsr-ipip
            health { check = none }
            backends { b1 { address = "fd00:77::101", port = 80 }, b2 { address = "fd00:77::102", port = 80 } }
          }
        """))}}
        }
        """;

    /// <summary>Each node reaches the database by a way of its own, which can be cut.</summary>
    private static string Through(DirectoryInfo ways, int node, TemporaryPostgres server, string database)
    {
        Directory.CreateSymbolicLink(Way(ways, node), server.Folder);
        return $"Host={Way(ways, node)};Username=lb;Database={database};Maximum Pool Size=40;Application Name=node{node}";
    }

    private static string Way(DirectoryInfo ways, int node) => Path.Combine(ways.FullName, $"{node}");

    private static bool SaysWhy(LbdCluster cluster, int node) =>
        cluster.Pbm(node, "cluster", "vips").Output.Contains("is another than most nodes have", StringComparison.Ordinal);

    private static bool AllEqual(LbdCluster cluster, int node) => cluster.Pbm(node, "cluster", "tables").ExitCode == 0;

    private static string[] Holders(LbdCluster cluster, int node)
    {
        (int exit, string output, _) = cluster.Pbm(node, "--output", "json", "cluster", "vips");
        return exit != 0 ? [] : [.. JsonDocument.Parse(output).RootElement.GetProperty("vips").EnumerateArray()
            .Select(vip => vip.GetProperty("holder").GetString())
            .OfType<string>()];
    }
}
