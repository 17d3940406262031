using System.Globalization;
using System.Text.Json;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Relays;

/// <summary>What a UDP relay carries of a sender that does not wait.</summary>
[Collection(Alone.Name)]
public sealed class DatagramRateTests
{
    [RootTheory]
    [MemberData(nameof(Route.Relayed), MemberType = typeof(Route))]
    public void Iperf_loses_nothing_at_a_modest_rate(string name)
    {
        using Topology topology = Topology.WithBackends(1);
        Route route = Route.Of(name);
        using System.Diagnostics.Process server = topology.Backends[0].Namespace.Start(
            "iperf3", "-s", "-p", $"{Addresses.ServerPort}");
        Lbd lbd = Lbd.Start(topology, Unchecked(route.UdpSite(topology, backends: 1)
            .Add(route.Service("tcp", topology.Backends))));

        using var result = JsonDocument.Parse(topology.Client.Run(
            "iperf3", "-c", $"{route.Vip}", "-p", $"{route.Port}", "-u", "-b", "20M", "-l", "1200", "-t", "2", "-J"));

        server.Kill();
        JsonElement sum = result.RootElement.GetProperty("end").GetProperty("sum");
        Assert.InRange(sum.GetProperty("packets").GetInt64(), 1000, long.MaxValue);
        RelayAnswer relay = lbd.Api.Services().Services.Single(service => service.Relay!.Datagrams is not null).Relay!;
        // iperf3 has a small buffer of its own, which is full when it does not run for 40 ms. The kernel counts what it drops there.
        long ofServer = topology.Backends[0].Namespace.Counter("UdpRcvbufErrors")
            + topology.Backends[0].Namespace.Counter("Udp6RcvbufErrors");
        Assert.Equal(0, relay.Datagrams!.Lost);
        Assert.True(
            sum.GetProperty("lost_packets").GetInt64() <= ofServer,
            string.Create(CultureInfo.InvariantCulture, $"{ofServer} were dropped at the server's buffer of {sum} {relay}"));
    }

    /// <summary>Without a server of TCP there is nothing to probe.</summary>
    private static SiteSpec Unchecked(SiteSpec site) => site.ChangeAll(service => service with { Check = "none" });
}
