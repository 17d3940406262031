using System.Diagnostics;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Scenarios;

/// <summary>Programs of others on both ends: curl and nginx, socat and socat.</summary>
public sealed class RealProgramsTests
{
    private const int Megabytes = 100;

    [RootFact]
    public void Curl_is_answered_by_nginx_on_every_route()
    {
        using Topology topology = Topology.WithBackends(2);
        foreach (Backend backend in topology.Backends)
        {
            Nginx.Start(topology, backend);
        }

        SiteSpec site = Route.FullSite(topology, "tcp");
        Lbd.Start(topology, site);

        foreach (ServiceSpec service in site.Services)
        {
            string answer = topology.Client.Run("curl", "-sSf", "-m", "5", $"http://{service.EndPoint}/");
            Assert.Matches($"^b[12] {Addresses.ClientOf(service.Vip.AddressFamily)}\n$", answer);
        }
    }

    [RootTheory]
    [InlineData("nat-v4")]
    [InlineData("nat-v6")]
    public void Large_download_through_nat_arrives_intact(string name)
    {
        using Topology topology = Topology.WithBackends(1);
        string file = Path.Combine(topology.Folder, "large");
        Command.Run("dd", "if=/dev/urandom", $"of={file}", "bs=1M", $"count={Megabytes}", "status=none");
        Nginx.Start(topology, topology.Backends[0]);
        Lbd.Start(topology, Route.Of(name).TcpSite(topology, backends: 1));

        string got = Path.Combine(topology.Folder, "got");
        topology.Client.Run(
            "curl", "-sSf", "-m", "25", "-o", got, $"http://{Route.Of(name).EndPoint}/files/large");

        Command.Run("cmp", file, got);
    }

    [RootTheory]
    [InlineData("dsr-v4")]
    [InlineData("dsr-v6")]
    [InlineData("dsr-v4-in-v6")]
    public void Large_upload_through_a_tunnel_arrives_intact(string name)
    {
        using Topology topology = Topology.WithBackends(1);
        Backend backend = topology.Backends[0];
        string file = Path.Combine(topology.Folder, "large");
        string got = Path.Combine(topology.Folder, "got");
        Route route = Route.Of(name);
        Command.Run("dd", "if=/dev/urandom", $"of={file}", "bs=1M", $"count={Megabytes}", "status=none");
        // socat takes one connection: a probe would use it up.
        Lbd.Start(topology, route.TcpSite(topology, backends: 1).ChangeAll(s => s with { Check = "none" }));
        using Process sink = backend.Namespace.Start(
            "socat", "-u", $"TCP6-LISTEN:{Addresses.ServerPort},ipv6only=0", $"CREATE:{got}");
        Wait.Until(
            () => backend.Namespace.Run("ss", "-ltnH").Contains($":{Addresses.ServerPort}", StringComparison.Ordinal),
            "socat listens");

        topology.Client.Run("socat", "-u", $"OPEN:{file},rdonly", $"TCP:{route.EndPoint}");

        Wait.Until(() => sink.HasExited, "socat got the end of the stream");
        Command.Run("cmp", file, got);
    }
}
