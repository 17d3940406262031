using System.Text.Json;
using Lb.Testing;

namespace Lb.Host.Tests.Processes;

/// <summary>Real lbd that talk by TLS, with certificates that pbm made.</summary>
public sealed class ClusterTlsTests
{
    [RootFact]
    public async Task Three_with_certificates_renew_one_lose_one_give_it_up_have_it_back_and_have_one_leave()
    {
        await using TemporaryPostgres server = await TemporaryPostgres.StartAsync();
        string database = await server.CreateDatabaseAsync();
        using LbdCluster cluster = new(
            3, six: true, _ => $"provider = postgresql, connection-string = \"{server.ConnectionString(database)}\"", _ => true);
        cluster.IssueCertificate(1, days: 5);
        cluster.StartAll();
        Assert.True(cluster.Show(0).GetProperty("tls").GetBoolean());
        Assert.Contains("is well: 3 nodes", cluster.Pbm(0, "cluster", "status").Output);

        Assert.True(cluster.HasLogged(1, "this node's certificate ends at"));
        Assert.Contains("its certificate ends at", cluster.Pbm(1, "cluster", "status").Output);

        // Another certificate in the place of the first: no restart, and nobody loses sight of the node.
        long life = Life(cluster.Member(0, 1));
        cluster.IssueCertificate(1);
        cluster.Until(1, () => cluster.HasLogged(1, "other certificates are in use from now on"), "it is read");
        Assert.True(cluster.IsUp(0, 0, 1, 2));
        Assert.DoesNotContain("its certificate ends at", cluster.Pbm(1, "cluster", "status").Output);
        Assert.Equal(life, Life(cluster.Member(0, 1)));

        cluster.Signal(2, "KILL");
        cluster.Until(
            0, () => cluster.Member(0, 2) is { ValueKind: JsonValueKind.Object } dead
                && !dead.GetProperty("reachable").GetBoolean(), "the killed node is shown as not reachable");
        Assert.Equal(0, cluster.Pbm(0, "cluster", "down", cluster.Address(2)).ExitCode);
        cluster.Until(0, () => cluster.IsUp(0, 0, 1) && cluster.IsUp(1, 0, 1), "it is out");

        cluster.Start(2);
        cluster.Until(2, () => cluster.IsUp(0, 0, 1, 2) && cluster.IsUp(2, 0, 1, 2), "it is back");

        Assert.Equal(0, cluster.Pbm(0, "cluster", "leave", cluster.Address(1)).ExitCode);
        cluster.Until(0, () => cluster.IsUp(0, 0, 2), "one has left");
        cluster.Until(
            1, () => cluster.Pbm(1, "cluster", "status").Error.Contains("takes part in the cluster no more: it left"),
            "it knows");
        cluster.Until(1, () => cluster.HasLogged(1, "passes on that this node is to leave"), "it was asked itself");

        (int exitCode, string output, _) = cluster.Pbm(2, "cluster", "leave");
        Assert.Equal(
            (0, $"{cluster.Address(2)} leaves the cluster; start its lbd again to have it back."),
            (exitCode, output.Trim()));
        cluster.Until(0, () => cluster.IsUp(0, 0), "another has left by itself");
        for (int node = 0; node < 3; node++)
        {
            Assert.False(cluster.HasLogged(node, "is refused"));
        }
    }

    [RootFact]
    public void One_with_certificates_and_one_without_do_not_meet_and_both_say_why()
    {
        using LbdCluster cluster = new(2, six: false, folder => $"directory = \"{folder}\"", node => node == 0);
        cluster.Start(0);
        cluster.Until(0, () => cluster.IsUp(0, 0), "the first is there");
        cluster.Start(1);
        cluster.Until(
            0, () => cluster.Pbm(0, "cluster", "status").Error.Contains(
                $"{cluster.Address(1)} talks in the clear, and this node by TLS"), "the one with certificates says so");
        cluster.Until(
            1, () => cluster.Pbm(1, "cluster", "status").Error.Contains(
                $"{cluster.Address(0)} takes nothing but TLS, and this node has none"), "the one without says so");
        Assert.True(cluster.HasLogged(0, "talks in the clear and is not heard"));
        Assert.True(cluster.HasLogged(1, "as it takes nothing but TLS"));
    }

    private static long Life(JsonElement member) => member.GetProperty("incarnation").GetInt64();
}
