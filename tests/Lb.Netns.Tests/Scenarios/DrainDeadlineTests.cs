using System.Net.Sockets;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Scenarios;

/// <summary>Connections that are left when a backend has had its time to drain.</summary>
public sealed class DrainDeadlineTests
{
    [RootFact]
    public void Connections_left_at_the_deadline_are_reset_and_all_others_go_on()
    {
        using Topology topology = Topology.WithEchoServers(4);
        Route route = Route.Of("nat-v4");
        SiteSpec site = route.TcpSite(topology, backends: 4) with { SweepInterval = "200ms" };
        string service = site.Services[0].Name;
        Lbd lbd = Lbd.Start(topology, site);
        using var load = LongLivedConnections.Open(topology.Client, route.EndPoint, 80);
        int ended = load.ByBackend["b1"] + load.ByBackend["b2"];

        (int code, string output, string error) = lbd.Pbm("backend", "drain", service, "b1", "--with", "b2", "--deadline", "4s");
        Assert.True(code == 0, error);
        Assert.Contains($"Backends b1, b2 of {service} drain", output, StringComparison.Ordinal);
        Assert.Equal(0, lbd.Pbm("backend", "drain", service, "b3").ExitCode);
        lbd.WaitFor(() => Left(lbd, "b1") == load.ByBackend["b1"] || load.Broken.Count > 0, "all connections of b1 are seen");
        Assert.Empty(load.Broken);
        Assert.True(Drain(lbd, "b1") is { Over: false, Since: { } since, Deadline: { } end } && end - since == TimeSpan.FromSeconds(4));
        Assert.Null(Drain(lbd, "b3")!.Deadline);

        lbd.WaitFor(() => load.Broken.Count >= ended, "the connections of b1 and b2 end");
        load.ExchangeOnAll();
        Assert.Equal(ended, load.Broken.Count);
        Assert.All(load.Broken, reason => Assert.Matches($"^b[12] .*: {SocketError.ConnectionReset}$", reason));
        lbd.WaitForLog(service, "b1", "drain.deadline", $"{load.ByBackend["b1"]} of them tracked");
        Assert.True(Drain(lbd, "b1")!.Over);
        Assert.Equal(ended, (int)lbd.Api.Metrics()[$"lb_service_drain_ended_flows_total{{service=\"{service}\"}}"]);
        Assert.Equal(["b4"], Ask.Spread(topology.Client, route.EndPoint, 20).Keys);
    }

    private static int? Left(Lbd lbd, string backend) => Drain(lbd, backend)?.TrackedFlows;

    private static DrainAnswer? Drain(Lbd lbd, string backend) =>
        lbd.Api.Services().Services[0].Backends.Single(b => b.Name == backend).Drain;
}
