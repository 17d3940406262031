using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Scenarios;

/// <summary>What /metrics tells is what really happened.</summary>
public sealed class MetricsTests
{
    private const int Connections = 50;

    [RootFact]
    public void Counters_grow_by_what_clients_did()
    {
        using Topology topology = Topology.WithEchoServers(2);
        Route route = Route.Of("nat-v4");
        Lbd lbd = Lbd.Start(topology, route.TcpSite(topology, backends: 2));
        const string Service = "service=\"nat-v4-tcp\"";
        MetricsAnswer before = lbd.Api.Metrics();

        IReadOnlyDictionary<string, int> spread = Ask.Spread(topology.Client, route.EndPoint, Connections);

        MetricsAnswer after = lbd.Api.Metrics();
        Assert.Equal(Connections, Grown($"lb_service_new_flows_total{{{Service}}}"));
        Assert.All(
            spread,
            b => Assert.Equal(b.Value, Grown($"lb_backend_new_flows_total{{{Service},backend=\"{b.Key}\"}}")));
        // SYN, ACK and FIN at least, each of 54 bytes at least.
        double forwarded = Grown($"lb_service_packets_total{{{Service},direction=\"forward\"}}");
        Assert.InRange(forwarded, 3 * Connections, 20 * Connections);
        Assert.InRange(
            Grown($"lb_service_bytes_total{{{Service},direction=\"forward\"}}"), 54 * forwarded, 200 * forwarded);
        Assert.InRange(
            Grown($"lb_service_packets_total{{{Service},direction=\"reply\"}}"), 2 * Connections, 20 * Connections);
        Assert.Equal(0, Grown($"lb_service_dropped_packets_total{{{Service}}}"));

        double Grown(string series) => after[series] - before[series];
    }

    [RootFact]
    public void Backend_that_dies_is_seen_down_and_its_probes_fail()
    {
        using Topology topology = Topology.WithEchoServers(2);
        Lbd lbd = Lbd.Start(topology, Route.Of("nat-v4").TcpSite(topology, backends: 2));
        const string Series = "service=\"nat-v4-tcp\",backend=\"b2\"";
        Assert.Equal(1, lbd.Api.Metrics()[$"lb_backend_up{{{Series}}}"]);

        topology.Backends[1].Disconnect();

        lbd.WaitFor(
            () => lbd.Api.Metrics()[$"lb_backend_state{{{Series},state=\"down\"}}"] == 1, "b2 is down in the metrics");
        // The share is the table's, which is made anew for the verdict.
        lbd.WaitFor(() => lbd.Api.Metrics()[$"lb_backend_share_ratio{{{Series}}}"] == 0, "b2 has no share in the metrics");
        MetricsAnswer now = lbd.Api.Metrics();
        Assert.Equal(0, now[$"lb_backend_up{{{Series}}}"]);
        Assert.True(now["lb_health_probes_total{result=\"failure\"}"] > 0, "no probe failed");
    }
}
