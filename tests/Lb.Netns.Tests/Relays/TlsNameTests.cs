using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Relays;

/// <summary>Backends by the names that real TLS clients ask for.</summary>
public sealed class TlsNameTests
{
    private const string Shop = "tls-names = [shop.example]";

    private static readonly Route Relayed = Route.Of("tproxy-v4");

    public static TheoryData<string> Routes => Route.Relayed;

    [RootTheory]
    [MemberData(nameof(Routes))]
    public void Name_that_curl_asks_for_chooses_the_backend(string name)
    {
        using Topology topology = TlsBed.Topology(3);
        Route route = Route.Of(name);
        Lbd lbd = Lbd.Start(topology, TlsBed.Site(topology, route, Shop, "tls-names = [\"*.SHOP.example\"]", ""));

        string?[] names = ["shop.example", "www.shop.example", "a.b.Shop.Example", "other.example", null];
        string[] answers = [.. names.Select(n => TlsBed.Ask(topology, route, n))];

        IPAddress client = Addresses.ClientOf(route.Vip.AddressFamily);
        Assert.Equal(
            [$"b1 {client}\n", $"b2 {client}\n", $"b2 {client}\n", $"b3 {client}\n", $"b3 {client}\n"], answers);
        Assert.Empty(lbd.Relay().Rejected);
    }

    [RootTheory]
    [MemberData(nameof(Routes))]
    public void Protocol_that_a_client_offers_chooses_the_backend(string name)
    {
        using Topology topology = TlsBed.Topology(3);
        Route route = Route.Of(name);
        Lbd.Start(topology, TlsBed.Site(topology, route, $"{Shop}, alpn = [h2]", $"{Shop}, alpn = [\"http/1.1\"]", Shop));

        Assert.StartsWith("b1 ", TlsBed.Ask(topology, route, "shop.example", "--http2"), StringComparison.Ordinal);
        Assert.StartsWith("b2 ", TlsBed.Ask(topology, route, "shop.example", "--http1.1"), StringComparison.Ordinal);
        Assert.StartsWith("b3 ", TlsBed.Ask(topology, route, "shop.example", "--no-alpn"), StringComparison.Ordinal);
        string handshake = TlsBed.Handshake(topology, route, "-servername shop.example -alpn h2");
        Assert.Contains("CN = b1", handshake, StringComparison.Ordinal);
        Assert.Contains("ALPN protocol: h2", handshake, StringComparison.Ordinal);
    }

    [RootFact]
    public void Client_that_no_backend_is_for_gets_an_alert_and_is_counted()
    {
        using Topology topology = TlsBed.Topology(1);
        Lbd lbd = Lbd.Start(topology, TlsBed.Site(topology, Relayed, $"{Shop}, alpn = [h2]"));

        string unknown = TlsBed.Handshake(topology, Relayed, "-servername other.example -alpn h2");
        string nameless = TlsBed.Handshake(topology, Relayed, "-noservername -tls1_2");
        string protocol = TlsBed.Handshake(topology, Relayed, "-servername shop.example -alpn smtp");

        Assert.Contains("unrecognized name", unknown, StringComparison.Ordinal);
        Assert.Contains("unrecognized name", nameless, StringComparison.Ordinal);
        Assert.Contains("no application protocol", protocol, StringComparison.Ordinal);
        RelayAnswer relay = lbd.Relay();
        Assert.Equal((2, 1), (relay.Rejected["noName"], relay.Rejected["noProtocol"]));
        Assert.Equal(0, relay.Counts.Connections);
    }

    [RootTheory]
    [InlineData("least-connections")]
    [InlineData("two-choices")]
    [InlineData("peak-ewma")]
    public void Name_holds_with_every_rule_of_choice(string balance)
    {
        using Topology topology = TlsBed.Topology(3);
        Lbd.Start(topology, TlsBed.Site(topology, Relayed, Shop, "", "").With($"balance = {balance}"));

        string[] shop = [.. Enumerable.Range(0, 20).Select(_ => TlsBed.Ask(topology, Relayed, "shop.example")[..2])];
        string[] others = [.. Enumerable.Range(0, 20).Select(_ => TlsBed.Ask(topology, Relayed, "other.example")[..2])];

        Assert.Equal(["b1"], shop.Distinct());
        Assert.DoesNotContain("b1", others);
    }

    [RootFact]
    public void Backends_of_one_name_share_its_clients_and_one_that_is_down_leaves_them_to_nobody_else()
    {
        using Topology topology = TlsBed.Topology(3);
        Lbd lbd = Lbd.Start(topology, TlsBed.Site(topology, Relayed, Shop, Shop, "") with { Fall = 2 });
        string[] Answers() => [.. Enumerable.Range(0, 30).Select(_ => TlsBed.Ask(topology, Relayed, "shop.example")[..2])
            .Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(["b1", "b2"], Answers());

        topology.Backends[0].Namespace.Ip("link set eth0 down");
        lbd.WaitFor(() => lbd.Api.StateOf("b1") == "down", "b1 is down");
        Assert.Equal(["b2"], Answers());
        topology.Backends[1].Namespace.Ip("link set eth0 down");
        lbd.WaitFor(() => lbd.Api.StateOf("b2") == "down", "b2 is down");

        Assert.ThrowsAny<Exception>(() => TlsBed.Ask(topology, Relayed, "shop.example"));
        Assert.StartsWith("b3 ", TlsBed.Ask(topology, Relayed, "other.example"), StringComparison.Ordinal);
        Assert.Equal(1, lbd.Relay().Refused);
    }

    [RootFact]
    public void Names_change_at_run_time()
    {
        using Topology topology = TlsBed.Topology(2);
        Lbd lbd = Lbd.Start(topology, TlsBed.Site(topology, Relayed, Shop, ""));
        Assert.StartsWith("b2 ", TlsBed.Ask(topology, Relayed, "new.example"), StringComparison.Ordinal);

        (int exitCode, string output, string error) = lbd.Pbm(
            "service", "set", "tproxy-v4-tcp", "backends.b1.tls-names=[new.example, shop.example]");

        Assert.True(exitCode == 0, output + error);
        lbd.WaitFor(
            () => TlsBed.Ask(topology, Relayed, "new.example").StartsWith("b1 ", StringComparison.Ordinal),
            "the new name leads to b1");
        Assert.StartsWith("b1 ", TlsBed.Ask(topology, Relayed, "shop.example"), StringComparison.Ordinal);
    }

    [RootTheory]
    [MemberData(nameof(Routes))]
    public void Hello_in_segments_of_one_byte_chooses_the_backend(string name)
    {
        using Topology topology = TlsBed.Topology(2);
        Route route = Route.Of(name);
        Lbd.Start(topology, TlsBed.Site(topology, route, Shop, ""));
        Socket socket = topology.Client.Invoke(
            () => new Socket(route.Vip.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 10_000 });
        socket.Connect(route.EndPoint);

        using SslStream tls = new(new OneByteStream(socket), leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate?.Subject == "CN=b1");

        tls.AuthenticateAsClient("shop.example");

        Assert.True(tls.IsAuthenticated, "another backend than b1 has answered");
    }

    [RootFact]
    public void Client_that_sends_half_a_hello_is_ended_in_time_and_counted()
    {
        using Topology topology = TlsBed.Topology(1);
        Lbd lbd = Lbd.Start(topology, TlsBed.Site(topology, Relayed, Shop).With("greeting-timeout = 500ms"));
        using Socket half = Connect(topology);
        half.Send([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3]);
        using Socket silent = Connect(topology);
        lbd.WaitFor(() => lbd.Relay().Counts.Open == 2, "both are open");

        foreach (Socket socket in (Socket[])[half, silent])
        {
            SocketException end = Assert.Throws<SocketException>(() => socket.Receive(new byte[1]));
            Assert.Equal(SocketError.ConnectionReset, end.SocketErrorCode);
        }

        Assert.Equal(2, lbd.Relay().Rejected["timeout"]);
        Assert.Equal(0, lbd.Relay().Counts.Open);
    }

    [RootFact]
    public void Clients_that_say_nothing_take_no_more_than_the_connections_there_may_be()
    {
        using Topology topology = TlsBed.Topology(1);
        Lbd lbd = Lbd.Start(
            topology, TlsBed.Site(topology, Relayed, "").With("connections = 5, greeting-timeout = 2s")
                .ChangeAll(s => s.Change("b1", b => b with { Keys = Shop })));
        Socket[] silent = [.. Enumerable.Range(0, 20).Select(_ => Connect(topology))];
        lbd.WaitFor(() => lbd.Relay().Counts.Open == 5, "as many are open as may be");

        lbd.WaitFor(() => lbd.Relay().Rejected.GetValueOrDefault("timeout") == 20, "all have had their time");

        Assert.StartsWith("b1 ", TlsBed.Ask(topology, Relayed, "shop.example"), StringComparison.Ordinal);
        Array.ForEach(silent, socket => socket.Dispose());
    }

    private static Socket Connect(Topology topology)
    {
        Socket socket = topology.Client.Invoke(
            () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 10_000 });
        socket.Connect(Relayed.EndPoint);
        return socket;
    }
}
