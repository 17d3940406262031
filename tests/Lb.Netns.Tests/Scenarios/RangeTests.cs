using System.Net;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.FullNat;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Scenarios;

/// <summary>Services of port ranges and prefixes, with real servers on several of their ports.</summary>
public sealed class RangeTests
{
    private const int First = 8080;
    private const int Last = 8089;
    private const string Range = "8080-8089";

    private static readonly int[] s_ports = [First, 8083, Last];

    [RootTheory]
    [InlineData("l2-v4")]
    [InlineData("l2-v6")]
    [InlineData("dsr-v4")]
    [InlineData("gue-v6")]
    [InlineData("full-v4")]
    [InlineData("full-v6")]
    [InlineData("nat-v4")]
    [InlineData("nat-v6")]
    public void Every_port_of_a_range_is_served_by_who_listens_there_and_no_other_is(string name)
    {
        using Topology topology = Topology.WithBackends(2);
        (SiteSpec site, IPAddress vip) = SiteOf(topology, name);
        ServeHttp(topology);
        foreach (Backend backend in topology.Backends)
        {
            topology.Own(UdpEchoServer.Start(backend, First));
            topology.Own(UdpEchoServer.Start(backend, Last));
        }

        Lbd lbd = Lbd.Start(topology, site);
        foreach (int port in s_ports)
        {
            Assert.Matches($"^b[12] {port} ", Curl(topology, vip, port).Output);
        }

        Assert.Matches("^b[12]$", Ask.Udp(topology.Client, new IPEndPoint(vip, First)).Greeting.Backend);
        Assert.Matches("^b[12]$", Ask.Udp(topology.Client, new IPEndPoint(vip, Last)).Greeting.Backend);
        Assert.NotEqual(0, Curl(topology, vip, First - 1).ExitCode);
        Assert.NotEqual(0, Curl(topology, vip, Last + 1).ExitCode);
        Assert.Contains("3 received", topology.Client.Run("ping", "-n", "-c", "3", "-i", "0.01", "-W", "2", $"{vip}"), StringComparison.Ordinal);

        Assert.Contains($":{Range}", lbd.Pbm("service", "list").Output, StringComparison.Ordinal);
        string explained = lbd.Pbm("flow", "lookup", "tcp", $"{new IPEndPoint(Addresses.ClientOf(vip.AddressFamily), 40_000)}", $"{new IPEndPoint(vip, Last)}").Output;
        Assert.Contains("ranged-tcp", explained, StringComparison.Ordinal);
        Assert.DoesNotContain("Differs", explained, StringComparison.Ordinal);
        Assert.Contains("The kernel holds what was written", lbd.Pbm("kernel", "check").Output, StringComparison.Ordinal);
    }

    [RootTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_address_of_a_prefix_is_served(bool v6)
    {
        using Topology topology = Topology.WithBackends(2);
        (string prefix, string inside, string last, string beside) = v6
            ? ("2001:db8:77:1::/64", "2001:db8:77:1::7", "2001:db8:77:1:ffff:ffff:ffff:ffff", "2001:db8:77:2::7")
            : ("203.0.113.64/28", "203.0.113.65", "203.0.113.79", "203.0.113.80");
        foreach (Backend backend in topology.Backends)
        {
            backend.Namespace.Ip($"{(v6 ? "-6 " : "")}route add local {prefix} dev lo");
        }

        ServeHttp(topology);
        SiteSpec site = new SiteSpec(topology.Site).Add(Ranged("tcp", "dsr-l2", IPAddress.Parse(inside), topology.Backends, v6) with
        {
            Keys = $"vip = \"{prefix}\", port = \"*\", health.port = {First}",
        });
        Lbd.Start(topology, site);
        foreach (string address in (string[])[inside, last])
        {
            IPAddress vip = IPAddress.Parse(address);
            Assert.Matches($"^b[12] {Last} ", Curl(topology, vip, Last).Output);
            Assert.Contains("1 received", topology.Client.Run("ping", "-n", "-c", "1", "-W", "2", address), StringComparison.Ordinal);
        }

        Assert.NotEqual(0, Curl(topology, IPAddress.Parse(beside), Last).ExitCode);
    }

    [RootTheory]
    [InlineData("l2-v4")]
    [InlineData("full-v6")]
    [InlineData("nat-v4")]
    [InlineData("nat-v6")]
    public void Connections_outlive_a_crash_and_the_change_of_a_range(string name)
    {
        using Topology topology = Topology.WithBackends(2);
        (SiteSpec site, IPAddress vip) = SiteOf(topology, name);
        foreach (Backend backend in topology.Backends)
        {
            topology.Own(EchoServer.Start(backend, First));
            topology.Own(EchoServer.Start(backend, Last));
        }

        Lbd first = Lbd.Start(topology, site);
        using var connections = LongLivedConnections.Open(topology.Client, new IPEndPoint(vip, First), 20);
        first.Kill();
        connections.ExchangeOnAll();
        Assert.NotNull(Ask.TryTcp(topology.Client, new IPEndPoint(vip, Last)));

        Lbd second = Lbd.Start(topology, site);
        connections.ExchangeOnAll();
        Assert.NotNull(Ask.TryTcp(topology.Client, new IPEndPoint(vip, Last)));
        Assert.Empty(connections.Broken);

        // Nobody listens behind the narrower one's last port: that tells it from the wider one.
        second.Reload(site.ChangeAll(service => service with { Keys = $"port = \"{First}-{Last - 1}\", health.port = {First}" }));
        second.WaitFor(() => second.Api.Services().Services.All(service => service is { Ports: "8080-8088", InKernel: true }), "the range is narrower");
        Assert.NotNull(Ask.TryTcp(topology.Client, new IPEndPoint(vip, First)));
        Assert.NotEqual(0, Curl(topology, vip, Last).ExitCode);
    }

    private static (SiteSpec Site, IPAddress Vip) SiteOf(Topology topology, string name)
    {
        bool full = name.StartsWith("full", StringComparison.Ordinal);
        if (full)
        {
            topology.AddSources();
        }

        IPAddress vip = full ? name.EndsWith('6') ? Addresses.NatVip6 : Addresses.NatVip4 : Route.Of(name).Vip;
        bool overV6 = full ? name.EndsWith('6') : Route.Of(name).OverV6;
        string mode = full ? "full-nat" : Route.Of(name).Mode;
        SiteSpec site = new SiteSpec(topology.Site)
            .Add(Ranged("tcp", mode, vip, topology.Backends, overV6))
            .Add(Ranged("udp", mode, vip, topology.Backends, overV6));
        return (full ? site.WithSources() : site, vip);
    }

    private static ServiceSpec Ranged(string protocol, string mode, IPAddress vip, IEnumerable<Backend> backends, bool overV6)
    {
        ServiceSpec service = new ServiceSpec($"ranged-{protocol}", mode, protocol, vip, First).AddAll(backends, overV6) with
        {
            Keys = $"port = \"{Range}\", health.port = {First}",
        };
        return service with { Backends = [.. service.Backends.Select(backend => backend with { Port = 0 })] };
    }

    /// <summary>In each backend a web server on several ports of the range, and beside it, that says which was asked.</summary>
    private static void ServeHttp(Topology topology)
    {
        int[] ports = [First - 1, .. s_ports, Last + 1];
        string listens = string.Join('\n', ports.Select(port => $"listen {port}; listen [::]:{port} ipv6only=on;"));
        foreach (Backend backend in topology.Backends)
        {
            string answer = $"location / {{ return 200 \"{backend.Name} $server_port $remote_addr\\n\"; }}";
            Nginx.Start(
                topology,
                backend.Namespace,
                backend.Name,
                Nginx.Http(topology, backend.Name, $"server {{ {listens} {answer} }}"),
                First);
        }
    }

    private static (int ExitCode, string Output, string Error) Curl(Topology topology, IPAddress vip, int port) =>
        Command.TryRun(
            "nsenter", $"--net={topology.Client.Path}", "curl", "-sS", "-m", "3", $"http://{new IPEndPoint(vip, port)}/");

}
