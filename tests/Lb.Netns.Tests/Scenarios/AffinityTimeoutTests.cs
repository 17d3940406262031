using System.Net;
using System.Net.Sockets;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.FullNat;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Scenarios;

/// <summary>Clients keep their backend while tables change, lbd is killed, and backends drain.</summary>
public sealed class AffinityTimeoutTests
{
    private const int Count = 8;

    /// <summary>Clients that come for the first time after a change, by the number of their address.</summary>
    private const int Others = 50;

    [RootFact]
    public void Clients_keep_their_backend_while_tables_change_and_lbd_is_killed()
    {
        using Topology topology = Topology.WithEchoServers(3);
        topology.AddSources();
        SiteSpec all = Services(topology).Aggregate(
            new SiteSpec(topology.Site).WithSources(), (site, service) => site.Add(service with { Keys = Keys("10m") }));
        SiteSpec two = all.ChangeAll(service => service with { Backends = service.Backends[..2] });
        Lbd lbd = Lbd.Start(topology, two);
        Dictionary<string, string[]> before = AskAll(topology, all, 0, Count);

        // A third of all slots goes to the third backend, and then most of them.
        lbd.Reload(all);
        AssertSame(before, AskAll(topology, all, 0, Count), "a backend was added");
        SiteSpec heavy = all.ChangeAll(service => service.Change("b3", backend => backend with { Weight = 1000 }));
        lbd.Reload(heavy);
        AssertSame(before, AskAll(topology, all, 0, Count), "a weight was changed");
        foreach ((string service, string[] backends) in AskAll(topology, all, Others, Count))
        {
            Assert.True(backends.Count(backend => backend == "b3") > Count / 2, $"{service}: {string.Join(' ', backends)}");
        }

        lbd.Kill();
        AssertSame(before, AskAll(topology, all, 0, Count), "lbd was killed");
        lbd = Lbd.Start(topology, heavy);
        AssertSame(before, AskAll(topology, all, 0, Count), "another lbd has adopted the kernel's state");
        Assert.Contains("clients of ipv4 that keep their backend", lbd.Pbm("kernel", "show").Output, StringComparison.Ordinal);
    }

    [RootTheory]
    [InlineData("nat-v4")]
    [InlineData("dsr-v6")]
    public void Client_that_was_away_for_longer_than_the_timeout_goes_by_the_table(string name)
    {
        using Topology topology = Topology.WithEchoServers(2);
        Route route = Route.Of(name);
        SiteSpec site = new SiteSpec(topology.Site)
            .Add(route.Service("tcp", topology.Backends) with { Keys = Keys("1s") })
            .Change($"{name}-tcp", service => service.Change("b2", backend => backend with { Weight = 0 }));
        Lbd lbd = Lbd.Start(topology, site);
        IPAddress client = Address(topology, route.Vip, 0);
        Assert.Equal("b1", Greet(topology, client, route.EndPoint, "tcp"));

        lbd.Reload(site.ChangeAll(service => service with
        {
            Backends = [.. service.Backends.Select(backend => backend with { Weight = backend.Name == "b1" ? 0 : 100 })],
        }));
        // Its connection is closed: nothing keeps the client but its entry, which says how long it still does.
        lbd.WaitFor(() => !Lookup(lbd, client, route.EndPoint).Contains("its client keeps that backend", StringComparison.Ordinal), "its time is over");
        Assert.Equal("b2", Greet(topology, client, route.EndPoint, "tcp"));
        Assert.Contains("keeps b2", Lookup(lbd, client, route.EndPoint), StringComparison.Ordinal);
    }

    [RootFact]
    public void Draining_backend_keeps_its_clients_and_a_disabled_one_gives_them_up()
    {
        using Topology topology = Topology.WithEchoServers(2);
        Route route = Route.Of("nat-v4");
        SiteSpec site = new SiteSpec(topology.Site).Add(route.Service("tcp", topology.Backends) with { Keys = Keys("10m") });
        Lbd lbd = Lbd.Start(topology, site);
        string[] before = AskAll(topology, site, 0, Count).Values.Single();
        Assert.Contains("b1", before);

        SiteSpec draining = site.ChangeAll(service => service.Change("b1", backend => backend with { Admin = "drain" }));
        lbd.Reload(draining);
        Assert.Equal(before, AskAll(topology, site, 0, Count).Values.Single());
        Assert.All(AskAll(topology, site, Others, Count).Values.Single(), backend => Assert.Equal("b2", backend));

        lbd.Reload(site.ChangeAll(service => service.Change("b1", backend => backend with { Admin = "disabled" })));
        IPAddress first = Address(topology, route.Vip, Array.IndexOf(before, "b1"));
        lbd.WaitFor(() => Lookup(lbd, first, route.EndPoint).Contains("its backend is gone", StringComparison.Ordinal), "the backend has no client any more");
        Assert.All(AskAll(topology, site, 0, Count).Values.Single(), backend => Assert.Equal("b2", backend));

        // Who has moved stays where it is when the backend is back.
        lbd.Reload(site);
        Assert.All(AskAll(topology, site, 0, Count).Values.Single(), backend => Assert.Equal("b2", backend));
    }

    private static IEnumerable<ServiceSpec> Services(Topology topology) =>
    [
        Route.Of("nat-v4").Service("tcp", topology.Backends),
        Route.Of("nat-v6").Service("udp", topology.Backends) with { Port = 81 },
        Route.Of("dsr-v6").Service("tcp", topology.Backends),
        Route.Of("l2-v4").Service("udp", topology.Backends),
        FullNatBed.Service("tcp", Addresses.NatVip6, topology.Backends),
        FullNatBed.Service("udp", Addresses.NatVip4, topology.Backends) with { Port = 82 },
    ];

    private static string Keys(string timeout) => $"affinity = source, affinity-timeout = {timeout}";

    /// <summary>By service, the backend of each of so many clients.</summary>
    private static Dictionary<string, string[]> AskAll(Topology topology, SiteSpec site, int first, int count) => site.Services.ToDictionary(
        service => service.Name,
        service => Enumerable.Range(first, count)
            .Select(number => Greet(topology, Address(topology, service.Vip, number), service.EndPoint, service.Protocol))
            .ToArray());

    private static void AssertSame(Dictionary<string, string[]> before, Dictionary<string, string[]> after, string what) =>
        Assert.All(before, service => Assert.True(
            service.Value.SequenceEqual(after[service.Key]),
            $"{what}; {service.Key}: {string.Join(' ', service.Value)} before, {string.Join(' ', after[service.Key])} now"));

    private static string Lookup(Lbd lbd, IPAddress client, IPEndPoint service) =>
        lbd.Pbm("flow", "lookup", "tcp", $"{new IPEndPoint(client, 1)}", $"{service}").Output;

    /// <summary>Gives the client another address.</summary>
    private static IPAddress Address(Topology topology, IPAddress vip, int number)
    {
        bool v6 = vip.AddressFamily == AddressFamily.InterNetworkV6;
        IPAddress address = IPAddress.Parse(v6 ? $"fd77:1::{100 + number}" : $"10.77.1.{100 + number}");
        topology.Client.Ip($"addr replace {address}/{(v6 ? 64 : 24)} dev eth0{(v6 ? " nodad" : "")}");
        return address;
    }

    /// <summary>The backend of a new connection, or flow of datagrams, from an address.</summary>
    private static string Greet(Topology topology, IPAddress from, IPEndPoint service, string protocol) => topology.Client.Invoke(() =>
    {
        if (protocol == "udp")
        {
            using Socket socket = Ask.OpenUdp(service, from);
            return Ask.AskUdp(socket, "hello").Backend;
        }

        using var connection = new EchoConnection(service, from);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        connection.ConnectAsync(deadline.Token).GetAwaiter().GetResult();
        return connection.Greeting.Backend;
    });
}
