using System.Text.Json;
using System.Text.RegularExpressions;
using Lb.Testing;

namespace Lb.Host.Tests.Processes;

/// <summary>Real lbd that go by one configuration.</summary>
public sealed class ClusterConfigTests
{
    private static readonly int[] All = [0, 1, 2];

    [RootFact]
    public async Task Three_nodes_have_one_configuration_whatever_happens_to_a_node_or_the_database()
    {
        await using TemporaryPostgres server = await TemporaryPostgres.StartAsync();
        string database = await server.CreateDatabaseAsync();
        using LbdCluster cluster = new(
            3,
            six: true,
            _ => $"provider = postgresql, connection-string = \"{server.ConnectionString(database)}\"",
            services: _ => Services(weight: 100));
        cluster.StartAll();

        // Each has started with its file, and one of the files has become the first revision.
        UntilEqual(cluster, All, 1, "100 100 100");

        // A change on each node at the same time: all are made, once, and all nodes go by them.
        string[] changed = await Task.WhenAll(All.Select(node => Task.Run(() => Weight(cluster, node, $"b{node + 1}", 11 * (node + 1)))));
        Assert.Equal(["revision 2", "revision 3", "revision 4"], changed.Select(said => said[said.IndexOf("revision", StringComparison.Ordinal)..].TrimEnd('.')).Order());
        UntilEqual(cluster, All, 4, "11 22 33");
        Assert.All(All, node => Assert.Contains($"at {cluster.Address(node)}", cluster.Pbm(0, "config", "history").Output));
        Assert.Contains("not 2", cluster.Pbm(1, "backend", "weight", "web", "b1", "5", "--expect-revision", "2").Error);
        Assert.All(All, node => cluster.Until(
            node, () => cluster.Pbm(node, "cluster", "tables").ExitCode == 0, "all have the same table"));

        // A token is good on all nodes, until it is taken back on one.
        Assert.Equal(0, cluster.Pbm(0, "token", "add", "ci", "--role", "read").ExitCode);
        cluster.Until(2, () => cluster.Pbm(2, "token", "list").Output.Contains("ci"), "the token is known on another node");
        Assert.Equal(0, cluster.Pbm(2, "token", "revoke", "ci").ExitCode);
        cluster.Until(0, () => !cluster.Pbm(0, "token", "list").Output.Contains("ci"), "it is gone on the first");

        // A new file is applied on one node while another one is away: its old file does not bring back what was.
        cluster.Signal(2, "KILL");
        cluster.WaitForEnd(2);
        cluster.WriteFile(0, Services(weight: 50));
        Assert.Contains("revision 5", cluster.Pbm(0, "config", "apply", "--force").Output);
        UntilEqual(cluster, [0, 1], 5, "50 50 50");
        cluster.Until(1, () => cluster.HasLogged(1, "is not the one that was applied last"), "its own file is another, it says");
        cluster.Start(2);
        UntilEqual(cluster, All, 5, "50 50 50");
        cluster.Until(2, () => cluster.HasLogged(2, "is not the one that was applied last"), "the old file is said to be another");
        Assert.Contains("says otherwise", cluster.Pbm(2, "config", "show").Output);
        cluster.Until(0, () => cluster.Pbm(0, "cluster", "show").Output.Contains("has another file"), "other nodes know");

        // The database is killed: changes are refused, and everything else goes on.
        await server.KillAsync();
        cluster.Until(1, () => Refused(cluster, 1).Contains("journal cannot be used"), "changes are refused, and it says why");
        Assert.Equal("5: 50 50 50", Show(cluster, 1));
        Assert.Equal(0, cluster.Pbm(1, "cluster", "health").ExitCode);
        Assert.Contains("journal cannot be used", cluster.Pbm(1, "cluster", "status").Error);

        // A node that starts now goes by what it went by last, not by its old file.
        cluster.Signal(2, "KILL");
        cluster.WaitForEnd(2);
        cluster.Start(2);
        cluster.Until(2, () => cluster.HasLogged(2, "starts by revision 5 as this node kept it"), "it says so");
        cluster.Until(2, () => CountWeights(cluster, 2, 50) == 3, "it goes by that");
        Assert.Contains("journal cannot be used", cluster.Pbm(2, "config", "show").Error);
        await server.StartAgainAsync();
        cluster.Until(1, () => cluster.Pbm(1, "backend", "weight", "web", "b1", "61").ExitCode == 0, "changes are taken again");
        UntilEqual(cluster, All, 6, "61 50 50");

        // It is halted, and the node that waits for it is killed: the change is there once or not at all, for all alike.
        await server.HaltAsync();
        string asked = Refused(cluster, 0);
        Assert.True(asked.Contains("did not confirm") || asked.Contains("journal cannot be used"), asked);
        Assert.Contains("journal cannot be used", Refused(cluster, 0));
        cluster.Signal(0, "KILL");
        cluster.WaitForEnd(0);
        await server.GoOnAsync();
        cluster.Start(0);
        cluster.Until(1, () => cluster.Pbm(1, "backend", "weight", "web", "b3", "63").ExitCode == 0, "changes are taken again");
        cluster.Until(0, () => All.Select(node => Show(cluster, node)).Distinct().Count() == 1 && Show(cluster, 0) != "", "all have the same");
        Assert.True(Show(cluster, 0) is "7: 61 50 63" or "8: 61 7 63", Show(cluster, 0));
        Assert.All(All, node => cluster.Until(
            node, () => cluster.Pbm(node, "cluster", "tables").ExitCode == 0, "all have the same table"));
    }

    private static string Services(int weight) => $$"""
        service-defaults.health.check = none
        services.web { vip = "2001:db8::40", port = 80, mode = dsr-ipip
          backends {
            b1 { address = "fd00:77::101", port = 80, weight = {{weight}} }
            b2 { address = "fd00:77::102", port = 80, weight = {{weight}} }
            b3 { address = "fd00:77::103", port = 80, weight = {{weight}} }
          } }
        """;

    private static string Weight(LbdCluster cluster, int node, string backend, int weight)
    {
        (int exit, string output, string error) = cluster.Pbm(node, "backend", "weight", "web", backend, $"{weight}");
        Assert.True(exit == 0, error);
        return output.Trim();
    }

    private static string Refused(LbdCluster cluster, int node)
    {
        (int exit, _, string error) = cluster.Pbm(node, "backend", "weight", "web", "b2", "7");
        return exit == 0 ? "" : error;
    }

    /// <summary>How many backends have a weight on a node, whatever it knows of the config.</summary>
    private static int CountWeights(LbdCluster cluster, int node, int weight) => Regex.Count(
        cluster.Pbm(node, "backend", "list", "web").Output, $@"\|\s*{weight} \|", RegexOptions.NonBacktracking);

    private static void UntilEqual(LbdCluster cluster, int[] nodes, int revision, string weights) => Assert.All(
        nodes,
        node => cluster.Until(
            node, () => Show(cluster, node) == $"{revision}: {weights}", $"node {node} has revision {revision} with {weights}"));

    /// <summary>Revision and weights that a node has in force.</summary>
    private static string Show(LbdCluster cluster, int node)
    {
        using ClusterClient client = new(cluster.Net(node));
        (int status, JsonElement answer) = client.RunAsync("config show").GetAwaiter().GetResult();
        return status == 200 ? Words(answer.GetProperty("data")) : "";
    }

    private static string Words(JsonElement shown) =>
        $"{shown.GetProperty("revision")}: {string.Join(' ', ClusterHistory.WeightsOf(shown.GetProperty("hocon").GetString()!).Values)}";
}
