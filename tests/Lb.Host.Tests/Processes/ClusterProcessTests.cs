using System.Text.Json;
using Lb.Testing;

namespace Lb.Host.Tests.Processes;

/// <summary>Real lbd that see each other: killed, ended and started again.</summary>
public sealed class ClusterProcessTests
{
    [RootFact]
    public async Task Three_on_PostgreSQL_see_each_other_lose_one_that_is_killed_and_have_it_back()
    {
        await using TemporaryPostgres server = await TemporaryPostgres.StartAsync();
        string database = await server.CreateDatabaseAsync();
        using LbdCluster cluster = new(
            3, six: false, _ => $"provider = postgresql, connection-string = \"{server.ConnectionString(database)}\"");
        cluster.StartAll();
        JsonElement first = cluster.Member(0, 2);
        Assert.Equal("n2", first.GetProperty("roles")[0].GetString());
        Assert.Single(
            cluster.Show(0).GetProperty("nodes").EnumerateArray(), node => node.GetProperty("leader").GetBoolean());
        Assert.Equal(
            cluster.Show(0).GetProperty("leader").GetString(), cluster.Show(2).GetProperty("leader").GetString());
        Assert.Contains("is well: 3 nodes", cluster.Pbm(0, "cluster", "status").Output);

        cluster.Signal(2, "KILL");
        cluster.Until(
            0, () => cluster.Member(0, 2) is { ValueKind: JsonValueKind.Object } dead
                && !dead.GetProperty("reachable").GetBoolean(), "the killed node is shown as not reachable");
        Assert.Contains("cannot be reached", cluster.Pbm(0, "cluster", "status").Error);
        cluster.Until(0, () => cluster.IsUp(0, 0, 1) && cluster.IsUp(1, 0, 1), "it is removed");

        cluster.Start(2);
        cluster.Until(2, () => cluster.IsUp(0, 0, 1, 2) && cluster.IsUp(2, 0, 1, 2), "it is back");
        Assert.True(
            cluster.Member(0, 2).GetProperty("incarnation").GetInt64() > first.GetProperty("incarnation").GetInt64());
    }

    [RootFact]
    public void Two_on_a_file_see_each_other_and_one_that_ends_is_gone_at_once()
    {
        using LbdCluster cluster = new(2, six: false, folder => $"directory = \"{folder}\"");
        cluster.StartAll();

        cluster.Signal(0, "TERM");
        cluster.WaitForEnd(0);

        // It left: nobody had to notice that it is not there.
        cluster.Until(1, () => cluster.IsUp(1, 1), "one is left");
        Assert.DoesNotContain("cannot be reached", cluster.Pbm(1, "cluster", "status").Error);
    }
}
