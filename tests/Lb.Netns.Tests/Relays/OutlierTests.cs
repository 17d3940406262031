using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Relays;

/// <summary>Backends that pass their checks and fail their clients.</summary>
public sealed class OutlierTests
{
    private const string Strict = "outlier { failures = 3, base-time = 10m, max-time = 10m }";

    private static readonly Route V4 = Route.Of("tproxy-v4");

    [RootTheory]
    [InlineData("tproxy-v4")]
    [InlineData("tproxy-v6")]
    public void Backend_that_resets_costs_as_many_connections_as_eject_it_and_is_shown(string name)
    {
        using Topology topology = Topology.WithBackends(2);
        topology.Own(FaultyServer.Start(topology.Backends[0], Fault.Resets));
        topology.Own(EchoServer.Start(topology.Backends[1]));
        Route route = Route.Of(name);
        Lbd lbd = Lbd.Start(topology, route.TcpSite(topology, backends: 2).With(Strict));

        Assert.Equal(3, RelayClient.Failures(topology.Client, route.EndPoint, 60));

        BackendAnswer ejected = lbd.Backend("b1");
        Assert.Equal("up", ejected.State);
        Assert.Equal(("reset", 1L), (ejected.Outlier!.Why, ejected.Outlier.Ejections));
        Assert.InRange(ejected.Outlier.EjectedUntil!.Value, DateTimeOffset.UtcNow.AddMinutes(8), DateTimeOffset.UtcNow.AddMinutes(10));
        Assert.Null(lbd.Backend("b2").Outlier);
        Assert.Equal(3, lbd.Relay().Ended("backend-reset"));
        lbd.WaitForLog("is passed over for", "3 failures in a row", "Reset");
        Assert.Contains("up, ejected until", lbd.Pbm("backend", "list").Output, StringComparison.Ordinal);
        string backend = $"{{service=\"{route.Name}-tcp\",backend=\"b1\"}}";
        Assert.Equal(1, lbd.Api.Metrics()[$"lb_relay_backend_ejected{backend}"]);
        Assert.Equal(1, lbd.Api.Metrics()[$"lb_relay_backend_ejections_total{backend}"]);
    }

    [RootFact]
    public void Without_passive_health_every_connection_of_its_slots_is_lost()
    {
        using Topology topology = Topology.WithBackends(2);
        topology.Own(FaultyServer.Start(topology.Backends[0], Fault.Resets));
        topology.Own(EchoServer.Start(topology.Backends[1]));
        Lbd lbd = Lbd.Start(topology, V4.TcpSite(topology, backends: 2));

        Assert.InRange(RelayClient.Failures(topology.Client, V4.EndPoint, 60), 15, 45);

        Assert.Null(lbd.Backend("b1").Outlier);
    }

    [RootFact]
    public void Backend_that_refuses_is_asked_no_more_and_no_client_notices()
    {
        using Topology topology = Topology.WithBackends(2);
        topology.Own(EchoServer.Start(topology.Backends[1]));
        SiteSpec site = V4.TcpSite(topology, backends: 2).With(Strict).ChangeAll(s => s with { Check = "none" });
        Lbd lbd = Lbd.Start(topology, site);

        Assert.Equal(0, RelayClient.Failures(topology.Client, V4.EndPoint, 60));

        Assert.Equal(3, lbd.Backend("b1").Relay!.ConnectFailures);
        Assert.Equal("refused", lbd.Backend("b1").Outlier!.Why);
    }

    [RootFact]
    public void Backend_that_does_not_answer_the_connect_costs_its_timeout_three_times()
    {
        using Topology topology = Topology.WithEchoServers(2);
        SiteSpec site = V4.TcpSite(topology, backends: 2).With($"connect-timeout = 300ms, {Strict}")
            .ChangeAll(s => s with { Check = "none" });
        Lbd lbd = Lbd.Start(topology, site);
        topology.Backends[0].Disconnect();

        Assert.Equal(0, RelayClient.Failures(topology.Client, V4.EndPoint, 40));

        Assert.Equal(3, lbd.Backend("b1").Relay!.ConnectFailures);
        Assert.Equal(1, lbd.Backend("b1").Outlier!.Ejections);
    }

    [RootFact]
    public void Backend_that_accepts_and_says_nothing_costs_as_many_connections_as_eject_it()
    {
        using Topology topology = Topology.WithBackends(2);
        topology.Own(FaultyServer.Start(topology.Backends[0], Fault.Silent));
        topology.Own(EchoServer.Start(topology.Backends[1]));
        Lbd lbd = Lbd.Start(topology, V4.TcpSite(topology, backends: 2).With($"idle-timeout = 1s, {Strict}"));

        Assert.Equal(3, RelayClient.Failures(topology.Client, V4.EndPoint, 40));

        Assert.Equal("silent", lbd.Backend("b1").Outlier!.Why);
        Assert.Equal(3, lbd.Relay().Ended("idle"));
    }

    [RootFact]
    public void Backend_is_tried_again_after_its_time_and_stays_when_it_answers()
    {
        using Topology topology = Topology.WithBackends(2);
        FaultyServer faulty = FaultyServer.Start(topology.Backends[0], Fault.Resets);
        topology.Own(EchoServer.Start(topology.Backends[1]));
        Lbd lbd = Lbd.Start(
            topology,
            V4.TcpSite(topology, backends: 2).With("outlier { failures = 2, base-time = 1s, max-time = 5s }"));
        Assert.InRange(RelayClient.Failures(topology.Client, V4.EndPoint, 20), 2, 6);
        faulty.Dispose();
        topology.Own(EchoServer.Start(topology.Backends[0]));

        lbd.WaitForLog("takes connections of the relay again");
        lbd.WaitFor(() => lbd.Backend("b1").Outlier is { EjectedUntil: null }, "it is no longer ejected");

        Assert.Contains("b1", Ask.Spread(topology.Client, V4.EndPoint, 30).Keys);
        Assert.Equal(0, RelayClient.Failures(topology.Client, V4.EndPoint, 20));
    }

    [RootFact]
    public void Last_backend_is_never_ejected()
    {
        using Topology topology = Topology.WithBackends(1);
        topology.Own(FaultyServer.Start(topology.Backends[0], Fault.Resets));
        Lbd lbd = Lbd.Start(
            topology, V4.TcpSite(topology, backends: 1).With("outlier { failures = 1, max-ejected = 100% }"));

        Assert.Equal(10, RelayClient.Failures(topology.Client, V4.EndPoint, 10));

        Assert.Equal(10, lbd.Relay().Ended("backend-reset"));
        Assert.Null(lbd.Backend("b1").Outlier);
    }
}
