using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Lb.Testing;

namespace Lb.Host.Tests.Processes;

/// <summary>Real lbd that agree on real backends.</summary>
public sealed class ClusterVoteTests
{
    [RootFact]
    public async Task Three_nodes_agree_on_backends_whatever_one_of_them_sees()
    {
        await using TemporaryPostgres server = await TemporaryPostgres.StartAsync();
        string database = await server.CreateDatabaseAsync();
        using LbdCluster cluster = new(
            3,
            six: true,
            _ => $"provider = postgresql, connection-string = \"{server.ConnectionString(database)}\"",
            services: _ => Services);
        foreach (int backend in (int[])[1, 2, 3])
        {
            cluster.Bridge.Ip($"addr add {Backend(backend)}/64 dev br0 nodad");
        }

        using TcpListener first = Listen(cluster, 1);
        TcpListener second = Listen(cluster, 2);
        using TcpListener third = Listen(cluster, 3);
        cluster.StartAll();
        Until(cluster, [0, 1, 2], "up up up", "all see all");
        string owner = Health(cluster, 0).GetProperty("owner").GetString()!;
        Assert.All((int[])[0, 1, 2], node =>
        {
            Assert.Equal(owner, Health(cluster, node).GetProperty("owner").GetString());
            cluster.Until(node, () => cluster.Pbm(node, "cluster", "tables").ExitCode == 0, "all have the same table");
        });

        // A backend is gone, for all.
        second.Dispose();
        Until(cluster, [0, 1, 2], "up down up", "all have agreed that it is gone");

        // The way of one node to another backend is gone: nobody's table changes, and that node says it.
        cluster.Net(1).Run("nft", "add table inet way");
        cluster.Net(1).Run("nft", "add chain inet way out { type filter hook output priority 0; }");
        cluster.Net(1).Run("nft", $"add rule inet way out ip6 daddr {Backend(1)} tcp dport 80 reject");
        cluster.Until(1, () => cluster.HasLogged(1, "its own path is at fault"), "the node says that its path is at fault");
        Assert.All((int[])[0, 1, 2], node => Assert.Equal("up down up", Agreed(cluster, node)));
        Assert.Equal("down", Health(cluster, 0).GetProperty("backends")[0].GetProperty("seen").GetProperty(cluster.Address(1)).GetString());
        cluster.Net(1).Run("nft", "delete table inet way");

        // The owner is killed: the others keep what was agreed, and one of them decides from then on.
        int killed = Enumerable.Range(0, 3).Single(node => cluster.Address(node) == owner);
        int[] others = [.. Enumerable.Range(0, 3).Where(node => node != killed)];
        cluster.Signal(killed, "KILL");
        using TcpListener again = Listen(cluster, 2);
        Until(cluster, others, "up up up", "the two that are left agree that it is back");
        Assert.All(others, node => Assert.NotEqual(owner, Health(cluster, node).GetProperty("owner").GetString()));

        // One that starts goes by what the others say.
        cluster.Start(killed);
        Until(cluster, [0, 1, 2], "up up up", "all agree");
        Assert.All((int[])[0, 1, 2], node =>
            cluster.Until(node, () => cluster.Pbm(node, "cluster", "tables").ExitCode == 0, "all have the same table"));
    }

    private static string Services => $$"""
        services {
          web {
            vip = "2001:db8::40"
            port = 80
            mode = dsr-ipip
            backends {
              b1 { address = "{{Backend(1)}}", port = 80 }
              b2 { address = "{{Backend(2)}}", port = 80 }
              b3 { address = "{{Backend(3)}}", port = 80 }
            }
            health { check = tcp, interval = 300ms, timeout = 200ms, rise = 1, fall = 2 }
          }
        }
        """;

    private static string Backend(int number) => $"fd00:77::{100 + number}";

    private static TcpListener Listen(LbdCluster cluster, int number) => cluster.Bridge.Invoke(() =>
    {
        TcpListener listener = new(IPAddress.Parse(Backend(number)), 80);
        listener.Start();
        return listener;
    });

    private static void Until(LbdCluster cluster, int[] nodes, string agreed, string what) =>
        Assert.All(nodes, node => cluster.Until(node, () => Agreed(cluster, node) == agreed, what));

    private static string Agreed(LbdCluster cluster, int node) => Health(cluster, node) is { ValueKind: JsonValueKind.Object } web
        ? string.Join(' ', web.GetProperty("backends").EnumerateArray().Select(backend => backend.GetProperty("agreed").GetString()))
        : "";

    private static JsonElement Health(LbdCluster cluster, int node)
    {
        (int exit, string output, _) = cluster.Pbm(node, "--output", "json", "cluster", "health");
        return exit == 0
            ? JsonDocument.Parse(output).RootElement.GetProperty("services").EnumerateArray().FirstOrDefault()
            : default;
    }
}
