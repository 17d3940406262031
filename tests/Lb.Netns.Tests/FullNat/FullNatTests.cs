using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.FullNat;

/// <summary>Services whose backends know no way back to clients.</summary>
public sealed class FullNatTests
{
    private const int Megabytes = 12;

    private static readonly IPAddress[] s_vips = [Addresses.NatVip4, Addresses.NatVip6];

    [RootFact]
    public void Backends_without_a_way_to_clients_serve_them_through_a_crash_too()
    {
        using Topology topology = Topology.WithBackends(2);
        topology.AddSources();
        topology.TakeGateways();
        string file = Path.Combine(topology.Folder, "large");
        Command.Run("dd", "if=/dev/urandom", $"of={file}", "bs=1M", $"count={Megabytes}", "status=none");
        UdpEchoServer[] echoes = [.. topology.Backends.Select(backend => topology.Own(UdpEchoServer.Start(backend)))];
        foreach (Backend backend in topology.Backends)
        {
            Nginx.Start(topology, backend);
        }

        SiteSpec site = s_vips
            .SelectMany(vip => (ServiceSpec[])
            [
                FullNatBed.Service("tcp", vip, topology.Backends), FullNatBed.Service("udp", vip, topology.Backends),
            ])
            .Aggregate(new SiteSpec(topology.Site).WithSources(), (all, service) => all.Add(service));
        Lbd first = Lbd.Start(topology, site);

        foreach (IPAddress vip in s_vips)
        {
            IPEndPoint service = new(vip, Addresses.ServicePort);
            IPAddress source = FullNatBed.SourceOf(vip.AddressFamily);
            Assert.Matches($"^b[12] {source}\n$", topology.Client.Run("curl", "-sSf", "-m", "5", $"http://{service}/"));
            Assert.Equal(source, Ask.Udp(topology.Client, service).Greeting.Client.Address);
        }

        Process[] downloads = [.. s_vips.Select(vip => topology.Client.Start(
            "curl", "-sSf", "-m", "60", "--limit-rate", "4M", "-o", Got(topology, vip), $"http://{new IPEndPoint(vip, 80)}/files/large"))];
        Wait.Until(() => s_vips.All(vip => File.Exists(Got(topology, vip))), "both downloads have begun");
        // Held in their midst, so that they outlive the process whatever time that takes.
        Array.ForEach(downloads, download => Command.Run("kill", "-STOP", $"{download.Id}"));
        string listed = first.Pbm("flow", "list").Output;
        Assert.Contains($"{FullNatBed.SourceOf(AddressFamily.InterNetwork)}:", listed, StringComparison.Ordinal);
        Assert.Contains($"[{FullNatBed.SourceOf(AddressFamily.InterNetworkV6)}]:", listed, StringComparison.Ordinal);
        first.Kill();
        Array.ForEach(downloads, download => Command.Run("kill", "-CONT", $"{download.Id}"));
        Lbd second = Lbd.Start(topology, site);
        foreach ((Process download, IPAddress vip) in downloads.Zip(s_vips, (download, vip) => (download, vip)))
        {
            Wait.Until(() => download.HasExited, "the download ends", TimeSpan.FromSeconds(60));
            Command.Run("cmp", file, Got(topology, vip));
            download.Dispose();
        }

        // Nobody listens any more: what a backend's kernel says of that goes to the client.
        Array.ForEach(echoes, echo => echo.Dispose());
        Assert.All(s_vips, vip => Assert.Equal(
            SocketError.ConnectionRefused, Ask.UdpError(topology.Client, new IPEndPoint(vip, Addresses.ServicePort))));
        second.WaitFor(() => second.PortsInUse("full-tcp-4") == 0, "ports of connections that are closed are free again");
        Assert.Contains("flows of full-nat", second.Pbm("kernel", "ports").Output, StringComparison.Ordinal);
    }

    [RootTheory]
    [InlineData("nat-v4")]
    [InlineData("nat-v6")]
    public void Live_service_moves_to_full_nat_and_back_without_a_loss(string name)
    {
        const int count = 40;
        using Topology topology = Topology.WithEchoServers(2);
        topology.AddSources();
        Route route = Route.Of(name);
        SiteSpec nat = route.TcpSite(topology, backends: 2).ChangeAll(s => s with { FlowMemory = "3s" }).WithSources();
        SiteSpec full = nat.ChangeAll(service => service with { Mode = "full-nat" });
        string service = nat.Services[0].Name;
        Lbd lbd = Lbd.Start(topology, nat);
        using var fresh = NewConnections.Start(topology.Client, route.EndPoint);
        using var first = LongLivedConnections.Open(topology.Client, route.EndPoint, count);

        lbd.Reload(full);
        lbd.WaitFor(() => lbd.PortsInUse(service) > 0, "new connections go by full-nat");
        using var second = LongLivedConnections.Open(topology.Client, route.EndPoint, count);
        Assert.Equal("nat", lbd.Api.Services().Services[0].OlderMode);
        first.ExchangeOnAll();
        second.ExchangeOnAll();

        // Whatever the table does meanwhile: flows stay where they are.
        lbd.Reload(full.ChangeAll(s => s.Change("b1", b => b with { Weight = 10 })));
        first.ExchangeOnAll();
        second.ExchangeOnAll();
        first.Dispose();
        lbd.WaitFor(() => lbd.Api.Services().Services[0] is { OlderMode: null }, "the last flow of nat has ended");
        second.ExchangeOnAll();

        lbd.Reload(nat);
        lbd.WaitFor(() => lbd.Api.Services().Services[0] is { OlderMode: "full-nat", InKernel: true }, "new connections go by nat");
        second.ExchangeOnAll();
        Assert.Empty(second.Broken);
        second.Dispose();
        lbd.WaitFor(
            () => lbd.Api.Services().Services[0] is { OlderMode: null, InKernel: true } && lbd.PortsInUse(service) == 0,
            "the last flow of full-nat has ended");
        fresh.WaitForMore(50);
        Assert.Empty((string[])[.. first.Broken, .. fresh.Failures]);
    }

    private static string Got(Topology topology, IPAddress vip) => Path.Combine(topology.Folder, $"got-{vip.AddressFamily}");
}
