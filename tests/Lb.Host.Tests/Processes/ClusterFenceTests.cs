using System.Text.Json;
using Lb.Testing;

namespace Lb.Host.Tests.Processes;

/// <summary>A real lbd that missed a change: its tables are not those of the others.</summary>
public sealed class ClusterFenceTests
{
    private const int Cut = 2;
    private const int Vips = 8;

    [RootFact]
    public async Task A_node_that_missed_a_change_does_not_answer_for_vips_until_it_has_it()
    {
        await using TemporaryPostgres server = await TemporaryPostgres.StartAsync();
        string database = await server.CreateDatabaseAsync();
        string way = Path.Combine(Path.GetTempPath(), $"lbh-way-{Guid.NewGuid():N}");
        Directory.CreateSymbolicLink(way, server.Folder);
        try
        {
            int next = 0;
            using LbdCluster cluster = new(
                3,
                six: true,
                _ => $"provider = postgresql, connection-string = \"{(next++ == Cut ? Through(way, database) : server.ConnectionString(database))}\"",
                services: _ => Config);
            cluster.StartAll();
            Assert.All((int[])[0, 1, 2], node => cluster.Until(
                node, () => Holders(cluster, node).Length == Vips && AllEqual(cluster, node), "all have the same table, and each VIP is held"));
            cluster.Until(0, () => Holders(cluster, 0).Contains(cluster.Address(Cut)), "the node has a VIP");

            // Its way to the database is cut, and something is changed elsewhere.
            Directory.Delete(way);
            await server.EndSessionsAsync(database, "cut");
            Assert.Equal(0, cluster.Pbm(0, "backend", "weight", "web", "b1", "50").ExitCode);

            cluster.Until(Cut, () => cluster.HasLogged(Cut, "is another than most nodes have; it is made anew"), "it tries to mend that");
            cluster.Until(Cut, () => cluster.HasLogged(Cut, "stays another than most nodes have"), "it says that it is apart");
            Assert.NotEqual(0, cluster.Pbm(Cut, "cluster", "tables").ExitCode);
            cluster.Until(0, () => Holders(cluster, 0) is { Length: Vips } held && !held.Contains(cluster.Address(Cut)), "the others have its VIPs");
            cluster.Until(Cut, () => cluster.Pbm(Cut, "cluster", "vips").Output.Contains("is another than most nodes have"), "it shows why");
            Assert.False(cluster.HasLogged(0, "stays another than most nodes have"));

            // It reads what it has missed, and can take VIPs again.
            Directory.CreateSymbolicLink(way, server.Folder);
            cluster.Until(Cut, () => cluster.HasLogged(Cut, "table is that of most nodes again"), "it has what the others have");
            Assert.All((int[])[0, 1, 2], node => cluster.Until(node, () => AllEqual(cluster, node), "all have the same table"));
            cluster.Until(Cut, () => !cluster.Pbm(Cut, "cluster", "vips").Output.Contains("is another than most nodes have"), "it is fit again");
        }
        finally
        {
            Directory.Delete(way);
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

    private static string Through(string way, string database) =>
        $"Host={way};Username=lb;Database={database};Maximum Pool Size=40;Application Name=cut";

    private static bool AllEqual(LbdCluster cluster, int node) => cluster.Pbm(node, "cluster", "tables").ExitCode == 0;

    private static string[] Holders(LbdCluster cluster, int node)
    {
        (int exit, string output, _) = cluster.Pbm(node, "--output", "json", "cluster", "vips");
        return exit != 0 ? [] : [.. JsonDocument.Parse(output).RootElement.GetProperty("vips").EnumerateArray()
            .Select(vip => vip.GetProperty("holder").GetString())
            .OfType<string>()];
    }
}
