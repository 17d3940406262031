using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Relays;

/// <summary>The PROXY protocol over UDP: a header in each datagram, from a proxy in front and to backends.</summary>
public sealed class DatagramProxyTests
{
    private const int FrontPort = 5300;

    public static TheoryData<string> Routes => Route.Relayed;

    [RootTheory]
    [InlineData("tproxy-v4", "node")]
    [InlineData("tproxy-v6", "node")]
    [InlineData("tproxy-v4", "client")]
    [InlineData("tproxy-v6", "client")]
    public void Dnsdist_behind_knows_the_address_of_dig(string name, string source)
    {
        using Topology topology = Topology.WithBackends(1);
        Route route = Route.Of(name);
        Dnsdist.StartBehind(topology, topology.Backends[0], route.OverV6);
        Lbd.Start(topology, Site(topology, route, $"source = {source}, proxy-protocol.send = v2"));

        // The second question of a flow has a header as well.
        string[] answers = [.. Enumerable.Range(0, 5).Select(
            _ => Dig(topology, Addresses.ClientOf(route.Vip.AddressFamily), route.EndPoint, TypeOf(route)))];

        Assert.All(answers, answer => Assert.Equal($"{Addresses.ClientOf(route.Vip.AddressFamily)}\n", answer));
    }

    [RootTheory]
    [MemberData(nameof(Routes))]
    public void Backend_sees_the_clients_of_dnsdist_in_front(string name)
    {
        using Topology topology = ProxyBed.Topology(backends: 1);
        Route route = Route.Of(name);
        Dnsmasq server = Dnsmasq.Start(topology, topology.Backends[0]);
        IPEndPoint front = StartFront(topology, route);
        Lbd lbd = Lbd.Start(topology, Site(topology, route, Accepting(route)));

        string[] answers = [.. Enumerable.Range(0, 20)
            .AsParallel().Select(_ => Dig(topology, ProxyBed.Far(route.OverV6), front))];

        Assert.All(answers, answer => Assert.Equal($"{Dnsmasq.Answer}\n", answer));
        Assert.Equal(
            [.. Enumerable.Repeat($"{ProxyBed.Far(route.OverV6)}", 20)], server.Askers(Dnsmasq.Name));
        Assert.Empty(lbd.Relay().Rejected);
    }

    [RootTheory]
    [MemberData(nameof(Routes))]
    public void Header_and_its_values_pass_from_dnsdist_to_dnsdist(string name)
    {
        using Topology topology = ProxyBed.Topology(backends: 1);
        Route route = Route.Of(name);
        Dnsdist.StartBehind(topology, topology.Backends[0], route.OverV6, needsTlv: true);
        IPEndPoint front = StartFront(topology, route);
        Lbd.Start(topology, Site(
            topology,
            route,
            $"source = node, proxy-protocol {{ send = v2, send-tlvs = [other, crc32c], {Trusting(route)} }}"));

        string answer = Dig(topology, ProxyBed.Far(route.OverV6), front, TypeOf(route));

        Assert.Equal($"{ProxyBed.Far(route.OverV6)}\n", answer);
    }

    [RootTheory]
    [MemberData(nameof(Routes))]
    public void Clients_of_one_socket_are_told_apart_and_each_socket_gets_its_own_answers(string name)
    {
        using Topology topology = Topology.WithEchoServers(1);
        Route route = Route.Of(name);
        Lbd lbd = Lbd.Start(topology, Site(topology, route, Accepting(route)));
        using Socket first = Open(topology, route);
        using Socket second = Open(topology, route);
        IPAddress far = ProxyBed.Far(route.OverV6);

        // Two clients by one socket, one of them by another socket too.
        Greeting one = Exchange(first, Header(route, far, 5001));
        Greeting two = Exchange(first, Header(route, far, 5002));
        Greeting elsewhere = Exchange(second, Header(route, far, 5001));

        Assert.Equal(new IPEndPoint(far, 5001), one.Client);
        Assert.Equal(new IPEndPoint(far, 5002), two.Client);
        Assert.Equal(far, elsewhere.Client.Address);
        Assert.Equal(one.Client, Exchange(first, Header(route, far, 5001)).Client);
        Assert.Equal(3, lbd.Relay().Counts.Connections);
    }

    [RootTheory]
    [MemberData(nameof(Routes))]
    public void Trusted_source_without_a_right_header_is_dropped_and_counted(string name)
    {
        using Topology topology = Topology.WithEchoServers(1);
        Route route = Route.Of(name);
        Lbd lbd = Lbd.Start(topology, Site(topology, route, Accepting(route)));
        using Socket proxy = Open(topology, route);
        byte[] header = Header(route, ProxyBed.Far(route.OverV6), 5001);

        proxy.Send("hello"u8);
        proxy.Send(header.AsSpan(0, header.Length - 3));
        proxy.Send("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\nhello"u8);

        lbd.WaitFor(
            () => lbd.Relay().Rejected is var counts
                && counts.GetValueOrDefault("noHeader") == 1 && counts.GetValueOrDefault("badHeader") == 2,
            "all are counted");
        Assert.Equal(0, lbd.Relay().Counts.Connections);
        // LOCAL: the proxy for itself.
        Assert.Equal(proxy.LocalEndPoint, Exchange(proxy, [.. header.AsSpan(0, 12), 0x20, 0, 0, 0]).Client);
        Assert.Equal(new IPEndPoint(ProxyBed.Far(route.OverV6), 5001), Exchange(proxy, header).Client);
    }

    [RootTheory]
    [MemberData(nameof(Routes))]
    public void Source_that_is_not_trusted_is_a_client_itself(string name)
    {
        using Topology topology = Topology.WithEchoServers(1);
        Route route = Route.Of(name);
        Lbd.Start(topology, Site(
            topology, route, "proxy-protocol { accept = v2, trusted = [\"203.0.113.0/24\", \"2001:db8:ff::/48\"] }"));

        (Greeting greeting, IPEndPoint local) = Ask.Udp(topology.Client, route.EndPoint);

        Assert.Equal(local, greeting.Client);
    }

    private static IPEndPoint StartFront(Topology topology, Route route)
    {
        IPEndPoint front = new(Addresses.ClientOf(route.Vip.AddressFamily), FrontPort);
        Dnsdist.StartInFront(topology, front, route.EndPoint);
        return front;
    }

    private static string Trusting(Route route) =>
        $"accept = v2, trusted = [\"{Addresses.ClientOf(route.Vip.AddressFamily)}/{(route.OverV6 ? 128 : 32)}\"]";

    private static string Accepting(Route route) => $"source = client, proxy-protocol {{ {Trusting(route)} }}";

    private static SiteSpec Site(Topology topology, Route route, string relay) =>
        route.UdpSite(topology, backends: 1).With(relay).ChangeAll(service => service with { Check = "none" });

    private static string Dig(Topology topology, IPAddress from, IPEndPoint server, string type = "A") => topology.Client.Run(
        "dig", "-b", $"{from}", $"@{server.Address}", "-p", $"{server.Port}", "+short", "+notcp", "+tries=1", "+time=20", Dnsmasq.Name,
        type);

    /// <summary>The kind of record that has addresses of the route's family.</summary>
    private static string TypeOf(Route route) => route.OverV6 ? "AAAA" : "A";

    private static Socket Open(Topology topology, Route route) =>
        topology.Client.Invoke(() => Ask.OpenUdp(route.EndPoint));

    private static byte[] Header(Route route, IPAddress client, ushort port)
    {
        byte[] ports = new byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(ports, port);
        BinaryPrimitives.WriteUInt16BigEndian(ports.AsSpan(2), (ushort)route.Port);
        byte[] addresses = [.. client.GetAddressBytes(), .. route.Vip.GetAddressBytes(), .. ports];
        return
        [
            .. "\r\n\r\n\0\r\nQUIT\n"u8, 0x21, (byte)(route.OverV6 ? 0x22 : 0x12), 0, (byte)addresses.Length, .. addresses,
        ];
    }

    private static Greeting Exchange(Socket socket, byte[] header)
    {
        byte[] buffer = new byte[256];
        socket.Send([.. header, .. "hello"u8]);
        return Greeting.Parse(Encoding.ASCII.GetString(buffer, 0, socket.Receive(buffer)));
    }
}
