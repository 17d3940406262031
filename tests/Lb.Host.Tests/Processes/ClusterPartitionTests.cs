using Lb.Testing;

namespace Lb.Host.Tests.Processes;

/// <summary>Real lbd between which the network breaks.</summary>
public sealed class ClusterPartitionTests
{
    [RootFact]
    public async Task One_whose_cable_is_out_says_so_and_is_back_by_itself_when_it_is_in()
    {
        await using TemporaryPostgres server = await TemporaryPostgres.StartAsync();
        string database = await server.CreateDatabaseAsync();
        using LbdCluster cluster = new(
            3, six: true, _ => $"provider = postgresql, connection-string = \"{server.ConnectionString(database)}\"");
        cluster.StartAll();
        long life = cluster.Member(1, 1).GetProperty("incarnation").GetInt64();

        // The database is on a Unix socket here: the node reaches it, and the others do not reach the node.
        cluster.Cable(1, inside: false);
        cluster.Until(0, () => cluster.IsUp(0, 0, 2), "the two that reach each other go on");
        cluster.Until(
            1, () => cluster.Show(1).GetProperty("problem").GetString()?.Contains("too few members answer") == true,
            "the one that is cut off says why it is out");
        Assert.NotEqual(0, cluster.Pbm(1, "cluster", "status").ExitCode);

        cluster.Cable(1, inside: true);
        cluster.Until(1, () => cluster.IsUp(0, 0, 1, 2) && cluster.IsUp(1, 0, 1, 2), "three again");
        Assert.True(cluster.Member(0, 1).GetProperty("incarnation").GetInt64() > life);
    }
}
