using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Lb.Netns.Tests.Clients;
using Lb.Testing;

namespace Lb.Netns.Tests.Announce;

/// <summary>Two real nodes, and clients that keep their backend: the other node knows them by the flows that it was told of.</summary>
public sealed class SharedClientsTests
{
    private const string Defaults = "service-defaults.health.check = none";
    private const string Sticky = "service-defaults { health.check = none, affinity = source, affinity-timeout = 10m }";
    private const int Count = 16;

    /// <summary>Clients that come for the first time after the change, by the number of their address.</summary>
    private const int Others = 50;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly IPEndPoint[] s_services = [ArpBed.Services[0], ArpBed.Services[3]];

    [RootFact]
    public void Clients_keep_their_backend_when_their_node_is_killed()
    {
        using ArpBed bed = new(nodes: 2, backends: 1);
        AnnounceNode first = bed.Nodes[0];
        AnnounceNode second = bed.Nodes[1];
        ReloadAll(bed, Defaults, Sticky);
        Assert.Equal(0, second.Pbm("cluster", "drain").ExitCode);
        Wait.Until(() => ArpBed.Vips.All(first.HasAddress) && !ArpBed.Vips.Any(second.HasAddress), "one node has all", Patience);
        Assert.Equal(0, second.Pbm("cluster", "drain", "--undo").ExitCode);

        // Half of the slots go to the second backend, and no client with them.
        AssertAllAreAt(bed, "b1", "there is one backend");
        ReloadAll(bed, ArpBed.ServicesOf(1), ArpBed.ServicesOf(2));
        Wait.Until(
            () => bed.Nodes.All(node => node.Api.TryServices()?.Services.All(service => service.Backends.Count == 2) == true
                && node.Pbm("cluster", "tables").ExitCode == 0),
            "all have the new table",
            Patience);
        AssertAllAreAt(bed, "b1", "a backend was added");
        foreach (IPEndPoint service in s_services)
        {
            Assert.Contains("b2", Enumerable.Range(Others, Count).Select(number => Greet(bed, number, service)));
        }

        Wait.Until(() => Peer(first)?.GetProperty("behind").GetInt64() == 0, "the other node has all entries", Patience);
        first.Kill();
        first.Cables(inside: false);
        Wait.Until(() => ArpBed.Vips.All(second.HasAddress), "the other node takes the VIPs", Patience);
        AssertAllAreAt(bed, "b1", "their node was killed");
    }

    private static void ReloadAll(ArpBed bed, string from, string to)
    {
        foreach (AnnounceNode node in bed.Nodes)
        {
            node.Reconfigure(from, to);
        }

        if (to == Sticky)
        {
            Wait.Until(() => bed.Nodes.All(node => s_services.All(service => IsSticky(node, service))), "clients keep their backend", Patience);
        }
    }

    private static bool IsSticky(AnnounceNode node, IPEndPoint service)
    {
        IPEndPoint client = new(Address(0, service.AddressFamily), 1);
        return node.Pbm("flow", "lookup", "tcp", $"{client}", $"{service}").Output
            .Contains("keeps no backend yet", StringComparison.Ordinal);
    }

    private static void AssertAllAreAt(ArpBed bed, string backend, string when)
    {
        foreach (IPEndPoint service in s_services)
        {
            string[] backends = [.. Enumerable.Range(0, Count).Select(number => Greet(bed, number, service))];
            Assert.True(backends.All(one => one == backend), $"{when}, {service}: {string.Join(' ', backends)}");
        }
    }

    private static IPAddress Address(int number, AddressFamily family) =>
        IPAddress.Parse(family == AddressFamily.InterNetworkV6 ? $"fd77:1::{180 + number}" : $"10.77.1.{180 + number}");

    /// <summary>The backend of a new connection from a client of that number.</summary>
    private static string Greet(ArpBed bed, int number, IPEndPoint service)
    {
        IPAddress from = Address(number, service.AddressFamily);
        bool v6 = service.AddressFamily == AddressFamily.InterNetworkV6;
        bed.Client.Ip($"addr replace {from}/{(v6 ? 64 : 24)} dev eth0{(v6 ? " nodad" : "")}");
        return bed.Client.Invoke(() =>
        {
            using var connection = new EchoConnection(service, from);
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            connection.ConnectAsync(deadline.Token).GetAwaiter().GetResult();
            return connection.Greeting.Backend;
        });
    }

    private static JsonElement? Peer(AnnounceNode node) =>
        node.Api.Run("cluster", "flows").GetProperty("peers").EnumerateArray().Select(peer => (JsonElement?)peer).FirstOrDefault();
}
