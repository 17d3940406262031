using System.Net;
using System.Net.Sockets;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.FullNat;

/// <summary>A node with addresses for full-nat on its loopback, and backends that have a route to these and to nothing else.</summary>
internal static class FullNatBed
{
    private static readonly IPAddress Source4 = IPAddress.Parse("192.0.2.9");
    private static readonly IPAddress Source6 = IPAddress.Parse("2001:db8:99::9");

    public static IPAddress SourceOf(AddressFamily family) =>
        family == AddressFamily.InterNetwork ? Source4 : Source6;

    /// <summary>Gives the node its addresses, and backends a way to them.</summary>
    public static void AddSources(this Topology topology)
    {
        topology.Lb.Ip($"addr add {Source4}/32 dev lo");
        topology.Lb.Ip($"addr add {Source6}/128 dev lo nodad");
        foreach (TestNamespace backend in topology.Backends.Select(backend => backend.Namespace))
        {
            backend.Ip($"route add {Source4} via 10.77.2.1");
            backend.Ip($"-6 route add {Source6} via fd77:2::1");
        }
    }

    /// <summary>Gives the client's host more addresses.</summary>
    public static IPAddress[] AddClients(this Topology topology, AddressFamily family, int count)
    {
        bool v6 = family == AddressFamily.InterNetworkV6;
        IPAddress[] clients = [.. Enumerable.Range(20, count).Select(i => IPAddress.Parse(v6 ? $"fd77:1::{i}" : $"10.77.1.{i}"))];
        Array.ForEach(clients, client => topology.Client.Ip($"addr add {client}/{(v6 ? "64" : "24")} dev eth0{(v6 ? " nodad" : "")}"));
        return clients;
    }

    /// <summary>Takes the backends' way to clients.</summary>
    public static void TakeGateways(this Topology topology)
    {
        foreach (TestNamespace backend in topology.Backends.Select(backend => backend.Namespace))
        {
            backend.Ip("route del default");
            backend.Ip("-6 route del default");
        }
    }

    /// <summary>The node's part in the configuration; ports rest for a second only.</summary>
    public static SiteSpec WithSources(this SiteSpec site, string ports = "1024-32767") => site with
    {
        Keys = $$"""full-nat { addresses = ["{{Source4}}", "{{Source6}}"], ports = "{{ports}}", linger = 1s }""",
        SweepInterval = "200ms",
    };

    /// <summary>A service that translates its port.</summary>
    public static ServiceSpec Service(string protocol, IPAddress vip, IEnumerable<Backend> backends) =>
        new ServiceSpec(
            $"full-{protocol}-{(vip.AddressFamily == AddressFamily.InterNetwork ? 4 : 6)}",
            "full-nat",
            protocol,
            vip,
            Addresses.ServicePort)
        .AddAll(backends, vip.AddressFamily == AddressFamily.InterNetworkV6);

    /// <summary>Ports in use towards all backends of a service.</summary>
    public static int PortsInUse(this Lbd lbd, string service) => lbd.Api.Services().Services
        .Single(known => known.Name == service).Backends.Sum(backend => backend.FullNatPorts?.Used ?? 0);
}
