using System.Net;
using System.Net.Sockets;
using System.Text;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Relays;

/// <summary>The PROXY protocol with HAProxy and nginx at the other end, in both directions.</summary>
public sealed class ProxyProtocolTests
{
    [RootTheory]
    [InlineData("send-proxy", "v1", "tproxy-v4")]
    [InlineData("send-proxy", "any", "tproxy-v6")]
    [InlineData("send-proxy-v2", "any", "tproxy-v4")]
    [InlineData("send-proxy-v2", "v2", "tproxy-v6")]
    [InlineData("send-proxy-v2 proxy-v2-options crc32c,unique-id", "v2", "tproxy-v4")]
    [InlineData("nginx", "v1", "tproxy-v4")]
    [InlineData("nginx", "any", "tproxy-v6")]
    public void Backend_sees_the_client_of_the_proxy_in_front(string front, string accept, string name)
    {
        using Topology topology = ProxyBed.Topology(2);
        Route route = Route.Of(name);
        Nginx.Start(topology, topology.Backends[0]);
        Nginx.Start(topology, topology.Backends[1]);
        Lbd lbd = Lbd.Start(topology, ProxyBed.Accepting(topology, route, accept));
        ProxyBed.StartFront(topology, front, route, route.OverV6);

        string[] answers = [.. Enumerable.Range(0, 20).Select(_ => ProxyBed.AskFront(topology, route.OverV6))];

        IPAddress client = ProxyBed.Far(route.OverV6);
        Assert.Equal([$"b1 {client}\n", $"b2 {client}\n"], answers.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(20, lbd.Relay().Counts.Connections);
        Assert.Empty(lbd.Relay().Rejected);
    }

    [RootTheory]
    [InlineData("v1", "haproxy", "tproxy-v4")]
    [InlineData("v2", "haproxy", "tproxy-v4")]
    [InlineData("v1", "haproxy", "tproxy-v6")]
    [InlineData("v2", "haproxy", "tproxy-v6")]
    [InlineData("v1", "nginx", "tproxy-v4")]
    [InlineData("v2", "nginx", "tproxy-v4")]
    [InlineData("v1", "nginx", "tproxy-v6")]
    [InlineData("v2", "nginx", "tproxy-v6")]
    public void Backend_is_told_the_client_and_the_vip_and_probed_behind_a_header(string send, string back, string name)
    {
        using Topology topology = ProxyBed.Topology(1);
        Route route = Route.Of(name);
        ProxyBed.StartBack(topology, back, topology.Backends[0]);
        SiteSpec site = route.TcpSite(topology, 1).ChangeAll(s => s with { Check = "http" });
        Lbd lbd = Lbd.Start(topology, site.With($"source = node, proxy-protocol.send = {send}"));

        string answer = topology.Client.Run("curl", "-sSf", "-m", "5", $"http://{route.EndPoint}/");

        Assert.Equal($"{Addresses.ClientOf(route.Vip.AddressFamily)} {route.Vip} {route.Port}\n", answer);
        Assert.Equal("up", lbd.Backend("b1").State);
    }

    [RootTheory]
    [InlineData("tproxy-v4")]
    [InlineData("tproxy-v6")]
    public void Header_goes_through_from_proxy_to_backend_with_its_tlvs(string name)
    {
        using Topology topology = ProxyBed.Topology(1);
        Route route = Route.Of(name);
        ProxyBed.StartBack(topology, "haproxy-tlvs", topology.Backends[0]);
        Lbd.Start(topology, ProxyBed.Accepting(
            topology, route, "v2", "source = node, proxy-protocol { send = v2, send-tlvs = [unique-id, crc32c] }"));
        ProxyBed.StartFront(topology, "send-proxy-v2 proxy-v2-options crc32c,unique-id", route, route.OverV6);

        string answer = ProxyBed.AskFront(topology, route.OverV6);

        IPAddress client = ProxyBed.Far(route.OverV6);
        Assert.StartsWith(
            $"{client} {ProxyBed.Front(route.OverV6).Address} {ProxyBed.FrontPort}  {client}-", answer, StringComparison.Ordinal);
    }

    [RootFact]
    public void Client_of_another_family_than_the_backend_comes_from_the_node_and_is_told_in_the_header()
    {
        using Topology topology = ProxyBed.Topology(2);
        Route route = Route.Of("tproxy-v4");
        ProxyBed.StartBack(topology, "nginx", topology.Backends[0]);
        Lbd.Start(topology, ProxyBed.Accepting(topology, route, "v2", "proxy-protocol.send = v2")
            .ChangeAll(s => s with { Backends = [s.Backends[0]] }));
        ProxyBed.StartFront(topology, "send-proxy-v2", route, sixInFront: true);

        Assert.Equal(
            $"{ProxyBed.Far6} {Addresses.ClientOf(ProxyBed.Far6.AddressFamily)} {ProxyBed.FrontPort}\n",
            ProxyBed.AskFront(topology, six: true));
    }

    [RootFact]
    public void Proxy_that_asks_for_itself_comes_from_its_own_address()
    {
        using Topology topology = ProxyBed.Topology(1);
        Route route = Route.Of("tproxy-v4");
        Nginx.Start(topology, topology.Backends[0]);
        Lbd lbd = Lbd.Start(topology, ProxyBed.Accepting(topology, route, "any"));

        // HAProxy's own checks have a LOCAL header.
        ProxyBed.StartFront(topology, "send-proxy-v2 check inter 200ms check-send-proxy", route, sixInFront: false);

        lbd.WaitFor(() => lbd.Relay().Counts.Connections > 1, "checks reach the backend");
        Assert.Empty(lbd.Relay().Rejected);
    }

    [RootTheory]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\\r\\nGET / HTTP/1.0\\r\\n\\r\\n", "b1 1.2.3.4", null)]
    [InlineData("PROXY UNKNOWN\\r\\nGET / HTTP/1.0\\r\\n\\r\\n", "b1 10.77.1.2", null)]
    [InlineData("GET / HTTP/1.0\\r\\n\\r\\n", "", "noHeader")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 1\\r\\nGET / HTTP/1.0\\r\\n\\r\\n", "", "badHeader")]
    [InlineData("\\r\\n\\r\\n\\000\\r\\nQUIT\\n\\041\\021\\000\\003abcGET / HTTP/1.0\\r\\n\\r\\n", "", "badHeader")]
    [InlineData(
        "\\r\\n\\r\\n\\000\\r\\nQUIT\\n\\041\\021\\000\\023\\1\\2\\3\\4\\5\\6\\7\\10\\0\\1\\0\\1\\3\\0\\4abcdGET / HTTP/1.0\\r\\n\\r\\n",
        "", "badChecksum")]
    [InlineData("PROXY TCP4 1.2.3.4", "", "closed")]
    public void First_bytes_of_a_trusted_source_are_a_header_or_it_is_reset(string sent, string answer, string? reason)
    {
        using Topology topology = ProxyBed.Topology(1);
        Route route = Route.Of("tproxy-v4");
        Nginx.Start(topology, topology.Backends[0]);
        Lbd lbd = Lbd.Start(topology, ProxyBed.Accepting(topology, route, "any"));

        string got = topology.Client.Run("sh", "-c", $"printf '{sent}' | socat -t 5 - TCP:{route.EndPoint} 2>/dev/null; true");

        Assert.Equal(answer, got.Split('\n').FirstOrDefault(line => line.StartsWith("b1 ", StringComparison.Ordinal)) ?? "");
        lbd.WaitFor(
            () => lbd.Relay().Rejected.SequenceEqual(
                reason is null ? [] : [KeyValuePair.Create(reason, 1L)]),
            $"{reason ?? "nothing"} is counted");
        AssertIsShown(lbd, reason);
    }

    [RootTheory]
    [InlineData("tproxy-v4", "10.77.1.3/24")]
    [InlineData("tproxy-v6", "fd77:1::3/64")]
    public void Source_that_is_not_trusted_is_a_client_itself(string name, string address)
    {
        using Topology topology = ProxyBed.Topology(1);
        Route route = Route.Of(name);
        topology.Client.Ip(route.OverV6 ? $"addr add {address} dev eth0 nodad" : $"addr add {address} dev eth0");
        string plain = address.Split('/')[0];
        Nginx.Start(topology, topology.Backends[0]);
        Lbd lbd = Lbd.Start(topology, ProxyBed.Accepting(topology, route, "any"));

        string answer = topology.Client.Run(
            "curl", "-sSf", "-m", "5", "--interface", plain, $"http://{route.EndPoint}/");
        (int refused, _, _) = Command.TryRun(
            "nsenter", $"--net={topology.Client.Path}", "curl", "-sSf", "-m", "5", "--interface", plain, "--haproxy-protocol",
            $"http://{route.EndPoint}/");

        Assert.Equal($"b1 {plain}\n", answer);
        Assert.NotEqual(0, refused); // nginx does not understand what was passed to it as it was
        Assert.Equal(2, lbd.Relay().Counts.Connections);
        Assert.Empty(lbd.Relay().Rejected);
    }

    [RootFact]
    public void Limit_of_a_client_is_that_of_the_client_in_the_header()
    {
        using Topology topology = ProxyBed.Topology(1);
        const string Other = "198.51.100.8";
        topology.Client.Ip($"addr add {Other}/32 dev lo");
        Route route = Route.Of("tproxy-v4");
        Nginx.Start(topology, topology.Backends[0]);
        Lbd lbd = Lbd.Start(topology, ProxyBed.Accepting(topology, route, "any", "source-connections = 1"));
        ProxyBed.StartFront(topology, "send-proxy-v2", route, sixInFront: false);
        using Socket first = topology.Client.Invoke(() =>
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(ProxyBed.Far4, 0));
            socket.Connect(ProxyBed.Front(six: false));
            return socket;
        });
        lbd.WaitFor(() => lbd.Relay().Counts.Connections == 1, "the first client has its connection");

        Assert.ThrowsAny<Exception>(() => ProxyBed.AskFront(topology, six: false));
        Assert.Equal($"b1 {Other}\n", topology.Client.Run(
            "curl", "-sSf", "-m", "5", "--interface", Other, $"http://{ProxyBed.Front(six: false)}/"));
    }

    [RootFact]
    public void Header_that_is_read_by_two_processes_is_one()
    {
        using Topology topology = ProxyBed.Topology(1);
        Route route = Route.Of("tproxy-v4");
        Nginx.Start(topology, topology.Backends[0]);
        Lbd lbd = Lbd.Start(topology, ProxyBed.Accepting(topology, route, "v1", "greeting-timeout = 1m"));
        using Socket client = topology.Client.Invoke(
            () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 10_000 });
        client.Connect(route.EndPoint);
        client.Send(Encoding.ASCII.GetBytes($"PROXY TCP4 {ProxyBed.Far4} 203.0"));
        lbd.WaitFor(() => lbd.Relay().Counts.Open == 1, "the first process has it");

        lbd.HandOver();
        client.Send(".113.40 7 80\r\nGET / HTTP/1.0\r\n\r\n"u8);

        using StreamReader answer = new(new NetworkStream(client));
        Assert.EndsWith($"b1 {ProxyBed.Far4}\n", answer.ReadToEnd(), StringComparison.Ordinal);
    }

    private static void AssertIsShown(Lbd lbd, string? reason)
    {
        if (reason is null)
        {
            return;
        }

        Assert.Contains($"rejected 1 {reason}", lbd.Pbm("service", "show", "tproxy-v4-tcp").Output, StringComparison.Ordinal);
        Assert.Equal(1, lbd.Api.Metrics()[$"lb_relay_rejected_total{{service=\"tproxy-v4-tcp\",reason=\"{reason}\"}}"]);
    }
}
