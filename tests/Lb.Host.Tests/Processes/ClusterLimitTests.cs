using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Lb.Testing;
using Xunit.Abstractions;

namespace Lb.Host.Tests.Processes;

/// <summary>Real lbd that share the limits of relayed services; the backends count.</summary>
public sealed class ClusterLimitTests(ITestOutputHelper output)
{
    private const int Limit = 30;
    private const int LowerLimit = 20;
    private const int BackendLimit = 7;
    private const string Backend = "fd00:77::101";
    private static readonly int[] s_all = [0, 1, 2];
    private static readonly IPEndPoint s_web = new(IPAddress.Parse("10.77.9.1"), 80);
    private static readonly IPEndPoint s_names = new(s_web.Address, 53);
    private static readonly IPEndPoint s_api = new(IPAddress.Parse("fd00:99::1"), 80);

    [RootFact]
    public void Three_nodes_together_have_no_more_connections_than_the_limit_and_use_what_a_dead_one_had()
    {
        using LbdCluster cluster = Prepare();
        using CountingServer web = new(cluster.Bridge, new IPEndPoint(IPAddress.Parse(Backend), 8080));
        using CountingServer api = new(cluster.Bridge, new IPEndPoint(IPAddress.Parse(Backend), 8081));
        cluster.StartAll();
        cluster.Until(0, () => Limits(cluster, 0, "web") is { } limit && Sum(limit) == Limit, "all of it is given out");

        // More want to connect at each node than all may have.
        WaitingClients[] clients = [.. s_all.Select(node => new WaitingClients(cluster.Net(node), s_web))];
        WaitingClients[] others = [.. s_all.Select(node => new WaitingClients(cluster.Net(node), s_api))];
        try
        {
            Assert.All(clients, some => some.Add(40));
            Assert.All(others, some => some.Add(10));
            cluster.Until(0, () => web.Now == Limit && api.Now == BackendLimit, $"the limits are used: {web.Now}, {api.Now}");

            // They come and go.
            for (int round = 0; round < 6; round++)
            {
                WaitingClients some = clients[round % 3];
                some.CountServed();
                some.End(3);
                some.Add(3);
                cluster.Until(0, () => web.Now == Limit, $"others have their places, {web.Now}");
            }

            // One node's clients all go, and the others have all.
            clients[0].CountServed();
            clients[0].Dispose();
            cluster.Until(0, () => web.Now == Limit && clients[1].CountServed() + clients[2].CountServed() >= Limit - 2, "two nodes use what the third one does not");
            clients[0] = new WaitingClients(cluster.Net(0), s_web);
            clients[0].Add(40);

            // A node that divides nothing is killed.
            string owner = Report(cluster, 0, "web").GetProperty("owner").GetString()!;
            int killed = s_all.First(node => cluster.Address(node) != owner && node > 0);
            int[] left = [.. s_all.Where(node => node != killed)];
            int had = clients[killed].CountServed();
            cluster.Signal(killed, "KILL");
            cluster.WaitForEnd(killed);
            // The backend may not have seen yet that the dead one's connections have ended.
            cluster.Until(
                left[0],
                () => left.Sum(node => clients[node].CountServed()) == Limit && web.Now == Limit,
                $"its {had} connections are the others', {web.Now}");

            // The limit is lowered: nobody is cut, and nobody new comes until there is room.
            Assert.All(left, node => cluster.WriteFile(node, Services(LowerLimit)));
            cluster.Signal(left[0], "HUP");
            Assert.All(left, node => cluster.Until(
                left[0], () => Limits(cluster, node, "web") is { } limit && limit.GetProperty("limit").GetInt32() == LowerLimit, "the limit is lower"));
            Assert.DoesNotContain(left, node => clients[node].HasLost());
            Assert.Equal(Limit, web.Now);
            int ended = left.Sum(node => clients[node].End(14));
            Assert.InRange(ended, 1 + Limit - LowerLimit, Limit - 1);
            cluster.Until(left[0], () => web.Now == LowerLimit, $"there is room again, {web.Now}");

            output.WriteLine($"most at once: {web.Most} of {Limit}, {api.Most} of {BackendLimit}; the node that was killed had {had}");
            Assert.Equal((Limit, BackendLimit), (web.Most, api.Most));
        }
        finally
        {
            Array.ForEach([.. clients, .. others], some => some.Dispose());
        }
    }

    [RootFact]
    public void What_nodes_have_that_end_in_order_is_the_others_at_once_and_nobody_has_more_than_the_limit()
    {
        using LbdCluster cluster = Prepare();
        using CountingServer web = new(cluster.Bridge, new IPEndPoint(IPAddress.Parse(Backend), 8080));
        using Socket names = cluster.Bridge.Invoke(() =>
        {
            Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(Backend), 8053));
            return socket;
        });
        cluster.StartAll();
        cluster.Until(0, () => Limits(cluster, 0, "web") is { } limit && Sum(limit) == Limit, "all of it is given out");
        WaitingClients[] clients = [.. s_all.Select(node => new WaitingClients(cluster.Net(node), s_web))];
        Socket[] askers = [.. s_all.Select(node => cluster.Net(node).Invoke(
            () => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)))];
        try
        {
            Assert.All(clients, some => some.Add(40));
            cluster.Until(0, () => web.Now == Limit, $"the limit is used: {web.Now}");
            cluster.Until(
                0,
                () =>
                {
                    // A datagram that comes before the node has a slice is lost, as datagrams may be: asked again it is the same flow.
                    Assert.All(askers, asker => asker.SendTo([7], s_names));
                    return Limits(cluster, 0, "names") is { } limit && Used(limit) == s_all.Length;
                },
                "each has a flow of datagrams");

            // First the one that divides, then one of the two that are left.
            List<int> left = [.. s_all];
            while (left.Count > 1)
            {
                string owner = Report(cluster, left[0], "web").GetProperty("owner").GetString()!;
                int ending = left.First(node => cluster.Address(node) == owner);
                left.Remove(ending);
                int had = clients[ending].CountServed();
                long began = Stopwatch.GetTimestamp();
                cluster.Signal(ending, "TERM");
                cluster.Until(
                    left[0],
                    () => left.Sum(node => clients[node].CountServed()) == Limit && web.Now == Limit,
                    $"its {had} connections are the others', {web.Now}");
                output.WriteLine($"{had} connections of the one that ended are the others' after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
                cluster.WaitForEnd(ending);

                // So it was not the lease that had to end first.
                cluster.Until(ending, () => cluster.HasLogged(ending, "has given its part of the cluster's limits back"), "it gave its slice back");
                cluster.Until(left[0], () => cluster.IsUp(left[0], [.. left]), "it is out");
            }

            Assert.Equal(Limit, web.Most);
            Assert.False(clients[left[0]].HasLost());
        }
        finally
        {
            Array.ForEach(clients, some => some.Dispose());
            Array.ForEach(askers, asker => asker.Dispose());
        }
    }

    [RootFact]
    public void A_node_that_another_one_has_leave_hands_over_first_and_one_that_hears_nothing_is_out_all_the_same()
    {
        using LbdCluster cluster = Prepare();
        cluster.StartAll();
        cluster.Until(0, () => Limits(cluster, 0, "web") is { } limit && Sum(limit) == Limit, "all of it is given out");

        string leaves = $"{cluster.Address(1)} leaves the cluster; start its lbd again to have it back.";
        (int exit, string said, string error) = cluster.Pbm(0, "cluster", "leave", cluster.Address(1));
        Assert.Equal((0, leaves, ""), (exit, said.Trim(), error));
        cluster.Until(1, () => cluster.HasLogged(1, "passes on that this node is to leave"), "it was asked itself");
        cluster.Until(1, () => cluster.HasLogged(1, "has given its part of the cluster's limits back"), "it gave its slice back");
        cluster.Until(0, () => cluster.IsUp(0, 0, 2), "it is out");
        cluster.Until(0, () => Limits(cluster, 0, "web") is { } limit && Sum(limit) == Limit, "the others have its part");

        cluster.Cable(2, inside: false);
        (exit, said, error) = cluster.Pbm(0, "cluster", "leave", cluster.Address(2));
        Assert.True(exit == 0 && said.Contains("did not do so itself", StringComparison.Ordinal), $"{exit}: {said}{error}");
        Assert.False(cluster.HasLogged(2, "passes on that this node is to leave"));
        cluster.Until(0, () => Limits(cluster, 0, "web") is { } limit && Sum(limit) == Limit, "the last one has all of it");
    }

    private static LbdCluster Prepare()
    {
        LbdCluster cluster = new(
            3, six: true, folder => $"provider = sqlite, directory = \"{folder}\"", services: _ => Services(Limit));
        cluster.Bridge.Ip($"addr add {Backend}/64 dev br0 nodad");
        foreach (int node in s_all)
        {
            cluster.Net(node).Ip("link set lo up");
            cluster.Net(node).Ip($"addr add {s_web.Address}/32 dev lo");
            cluster.Net(node).Ip($"addr add {s_api.Address}/128 dev lo nodad");
        }

        return cluster;
    }

    private static string Services(int limit) => $$"""
        services {
          web {
            vip = {{s_web.Address}}, port = 80, mode = tproxy, health.check = none
            relay { source = node, connections = {{limit}}, connect-timeout = 1m }
            backends { b1 { address = "{{Backend}}", port = 8080 } }
          }
          names {
            vip = {{s_names.Address}}, port = 53, protocol = udp, mode = tproxy, health.check = none
            relay { source = node, udp-idle-timeout = 10m }
            backends { b1 { address = "{{Backend}}", port = 8053 } }
          }
          api {
            vip = "{{s_api.Address}}", port = 80, mode = tproxy, health.check = none
            relay { source = node, backend-connections = {{BackendLimit}}, connect-timeout = 1m }
            backends { b1 { address = "{{Backend}}", port = 8081 } }
          }
        }
        """;

    private static JsonElement Report(LbdCluster cluster, int node, string service)
    {
        (int exit, string output, _) = cluster.Pbm(node, "--output", "json", "cluster", "limits");
        return exit != 0 ? default : JsonDocument.Parse(output).RootElement.GetProperty("services").EnumerateArray()
            .FirstOrDefault(shown => shown.GetProperty("service").GetString() == service);
    }

    private static JsonElement? Limits(LbdCluster cluster, int node, string service) =>
        Report(cluster, node, service) is { ValueKind: JsonValueKind.Object } shown ? shown.GetProperty("limits")[0] : null;

    private static int Used(JsonElement limit) =>
        limit.GetProperty("nodes").EnumerateArray().Sum(node => node.GetProperty("used").GetInt32());

    private static int Sum(JsonElement limit) => limit.GetProperty("nodes").EnumerateArray()
        .Sum(node => node.GetProperty("slice").ValueKind == JsonValueKind.Number ? node.GetProperty("slice").GetInt32() : 1000);
}
