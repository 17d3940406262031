using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Relays;

/// <summary>Connections that the kernel carries: load, ends, counts, and what takes them back.</summary>
public sealed partial class SockmapLifeTests
{
    private static readonly Route V4 = Route.Of("tproxy-v4");

    public static TheoryData<string> Routes => Route.Relayed;

    [RootTheory]
    [InlineData("tproxy-v4", "client")]
    [InlineData("tproxy-v4", "node")]
    [InlineData("tproxy-v6", "client")]
    [InlineData("tproxy-v6", "node")]
    public void Requests_of_kept_connections_are_all_answered(string name, string source)
    {
        using Topology topology = Topology.WithBackends(1);
        Nginx.Start(topology, topology.Backends[0]);
        Route route = Route.Of(name);
        Lbd lbd = Lbd.Start(topology, SockmapBed.Site(topology, route, $"source = {source}"));

        string report = topology.Client.Run("wrk", "-t1", "-c64", "-d3s", $"http://{route.EndPoint}/");

        Assert.DoesNotContain("Socket errors", report, StringComparison.Ordinal);
        Assert.DoesNotContain("Non-2xx", report, StringComparison.Ordinal);
        long requests = long.Parse(Requests().Match(report).Groups["count"].Value, CultureInfo.InvariantCulture);
        Assert.InRange(requests, 200, long.MaxValue);
        // nginx ends a connection after a thousand requests; wrk then opens another.
        SockmapAnswer sockmap = lbd.Sockmap();
        Assert.InRange(sockmap.Moved, 64, 64 + (requests / 500));
        Assert.Equal(0, sockmap.TakenBack);
        Assert.InRange(sockmap.Bytes, requests * 100, long.MaxValue);
        lbd.WaitFor(() => lbd.Relay().Counts.Open == 0, "all connections are closed");
        Assert.Equal(0, lbd.Sockmap().Now);
    }

    [RootTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Reset_of_one_side_is_passed_on_and_nothing_is_left(bool byClient)
    {
        using Topology topology = Topology.WithBackends(1);
        using Socket listener = RelayedPair.Listen(topology.Backends[0]);
        Lbd lbd = Lbd.Start(topology, SockmapBed.Site(topology, V4));
        int sockets = lbd.Sockets();

        for (int i = 1; i <= 20; i++)
        {
            using RelayedPair pair = lbd.OpenInKernel(topology, V4, listener);
            (Socket first, Socket second) = byClient ? (pair.Client, pair.Server) : (pair.Server, pair.Client);
            RelayedPair.Reset(first);
            Assert.True(RelayClient.EndsInReset(second), "the other side saw no reset");
            string why = byClient ? "client-reset" : "backend-reset";
            lbd.WaitFor(() => lbd.Relay().Ended(why) == i, $"it has ended by {why}");
        }

        lbd.WaitFor(() => lbd.Sockets() <= sockets, "the sockets are closed");
        Assert.Equal(0, lbd.Sockmap().Now);
    }

    [RootTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reset_while_the_kernel_holds_bytes_back_is_passed_on(bool byClient)
    {
        using Topology topology = Topology.WithBackends(1);
        using Socket listener = RelayedPair.Listen(topology.Backends[0]);
        Lbd lbd = Lbd.Start(topology, SockmapBed.Site(topology, V4));
        int sockets = lbd.Sockets();
        using RelayedPair pair = lbd.OpenInKernel(topology, V4, listener);
        Task sending = SockmapBed.SendAsync(pair.Server, new byte[64 << 20]);
        lbd.WaitFor(() => lbd.Sockmap().TakenBack == 1, "the guard takes the connection back");

        RelayedPair.Reset(byClient ? pair.Client : pair.Server);

        await Assert.ThrowsAnyAsync<Exception>(() => sending);
        lbd.WaitFor(() => lbd.Relay().Counts.Open == 0, "the connection is gone");
        lbd.WaitFor(() => lbd.Sockets() <= sockets, "the sockets are closed");
    }

    [RootTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bulk_both_ways_that_nobody_reads_does_not_lock_up_when_one_side_reads(bool isServer)
    {
        using Topology topology = Topology.WithBackends(1);
        using Socket listener = RelayedPair.Listen(topology.Backends[0]);
        Lbd lbd = Lbd.Start(topology, SockmapBed.Site(topology, V4));
        using RelayedPair pair = lbd.OpenInKernel(topology, V4, listener);
        (Socket reader, Socket other) = isServer ? (pair.Server, pair.Client) : (pair.Client, pair.Server);
        // Linux 6.17 and newer take a window back when a small buffer overflows, and drop whatever is beyond it then,
        // with the acknowledgements that the sender waits for: whatever stands between the two, that locks up.
        other.ReceiveBufferSize = 1 << 20;
        // Below what the kernel may hold of it in the worst case, 64 MiB of memory: 2.9 bytes for each one here.
        (byte[] bytes, (long, string) digest) = SockmapBed.Random(20 << 20);
        (byte[] back, (long, string) backDigest) = SockmapBed.Random(20 << 20);
        Task sending = SockmapBed.SendAsync(other, bytes);
        Task sendingBack = SockmapBed.SendAsync(reader, back);
        lbd.WaitFor(() => lbd.Sockmap().TakenBack == 1, "the guard takes the connection back");
        lbd.WaitForStandstill();

        // The other side reads nothing until all that it sent has arrived.
        Assert.Equal(digest, await SockmapBed.DigestAsync(reader));
        await sending;

        Assert.Equal(backDigest, await SockmapBed.DigestAsync(other));
        await sendingBack;
    }

    [RootTheory]
    [MemberData(nameof(Routes))]
    public async Task Segments_that_are_lost_and_sent_again_change_nothing(string name)
    {
        using Topology topology = Topology.WithBackends(1);
        Route route = Route.Of(name);
        using Socket listener = RelayedPair.Listen(topology.Backends[0]);
        Lbd lbd = Lbd.Start(topology, SockmapBed.Site(topology, route));
        foreach (TestNamespace host in (TestNamespace[])[topology.Lb, topology.Client, topology.Backends[0].Namespace])
        {
            host.Run("nft", "add table inet loss");
            host.Run("nft", "add chain inet loss in { type filter hook prerouting priority -400; }");
            host.Run("nft", "add rule inet loss in meta l4proto tcp numgen random mod 100 < 3 drop");
        }

        for (int i = 0; i < 20; i++)
        {
            using RelayedPair pair = lbd.OpenInKernel(topology, route, listener);
            (byte[] up, (long, string) upDigest) = SockmapBed.Random(300_000 + i);
            (byte[] down, (long, string) downDigest) = SockmapBed.Random(200_000 + i);

            Task sending = Task.WhenAll(SockmapBed.SendAsync(pair.Client, up), SockmapBed.SendAsync(pair.Server, down));
            (long, string)[] got = await Task.WhenAll(
                SockmapBed.DigestAsync(pair.Server), SockmapBed.DigestAsync(pair.Client));
            await sending;

            Assert.Equal([upDigest, downDigest], got);
        }
    }

    [RootFact]
    public void Idle_timeout_counts_from_the_last_byte_that_the_kernel_moved()
    {
        using Topology topology = Topology.WithBackends(1);
        using Socket listener = RelayedPair.Listen(topology.Backends[0]);
        Lbd lbd = Lbd.Start(topology, SockmapBed.Site(topology, V4, "idle-timeout = 2s"));
        using RelayedPair busy = lbd.OpenInKernel(topology, V4, listener);
        using RelayedPair idle = lbd.OpenInKernel(topology, V4, listener);

        lbd.WaitFor(
            () =>
            {
                SockmapBed.Exchange(busy);
                return lbd.Relay().Idle == 1;
            },
            "the idle one is ended while the other one is in use");

        Assert.True(RelayClient.EndsInReset(idle.Client), "the client saw no reset");
        SockmapBed.Exchange(busy);
        lbd.WaitFor(() => lbd.Relay().Idle == 2, "the other one is ended when it is idle too");
        Assert.Equal(0, lbd.Sockmap().Now);
    }

    [RootFact]
    public void Flow_log_and_counters_have_the_bytes_that_the_kernel_moved()
    {
        using Topology topology = Topology.WithBackends(1);
        using Socket listener = RelayedPair.Listen(topology.Backends[0]);
        SiteSpec site = (SockmapBed.Site(topology, V4) with
        {
            FlowLogFile = Path.Combine(topology.Folder, "flows.jsonl"),
        }).ChangeAll(service => service with { FlowLog = "full" });
        Lbd lbd = Lbd.Start(topology, site);
        using RelayedPair pair = lbd.OpenInKernel(topology, V4, listener);
        for (int i = 0; i < 100; i++)
        {
            SockmapBed.Exchange(pair);
        }

        pair.Client.Shutdown(SocketShutdown.Send);
        pair.Server.Shutdown(SocketShutdown.Send);

        lbd.WaitFor(() => FlowLogFile.Read(site.FlowLogFile!).Count == 2, "begin and end are in the flow log");
        FlowLogLine end = FlowLogFile.Read(site.FlowLogFile!)[1];
        Assert.Equal((101 * 8) + 5, end.BytesToBackend);
        Assert.Equal(101 * 6, end.BytesToClient);
        Assert.Equal((101 * 8) + 5, lbd.Backend("b1").Relay!.BytesToBackends);
        Assert.Equal(100 * 14, lbd.Sockmap().Bytes);
        Assert.Equal(100 * 14, lbd.Api.Metrics()["lb_relay_sockmap_bytes_total{service=\"tproxy-v4-tcp\"}"]);
    }

    [RootTheory]
    [MemberData(nameof(Routes))]
    public void Connections_live_on_in_the_next_process(string name)
    {
        using Topology topology = Topology.WithEchoServers(2);
        Route route = Route.Of(name);
        Lbd lbd = Lbd.Start(topology, SockmapBed.Site(topology, route));
        var load = LongLivedConnections.Open(topology.Client, route.EndPoint, 200);
        lbd.WaitFor(() => lbd.Sockmap().Now == 200, "the kernel has all of them");

        lbd.HandOver();
        load.ExchangeOnAll();

        Assert.Empty(load.Broken);
        Assert.Equal(200, lbd.Relay().Counts.Open);
        // Those that it has taken over stay with its loops.
        Assert.Equal(0, lbd.Sockmap().Moved);
        lbd.WaitForLog("200 relayed connections", "0 connections were reset");

        lbd.HandOver();
        load.ExchangeOnAll();

        Assert.Empty(load.Broken);
        load.Dispose();
        lbd.WaitFor(() => lbd.Relay().Counts.Open == 0, "ended connections are no longer counted");
    }

    [RootFact]
    public async Task Bytes_that_wait_for_a_reader_go_on_in_the_next_process()
    {
        using Topology topology = Topology.WithBackends(1);
        using Socket listener = RelayedPair.Listen(topology.Backends[0]);
        Lbd lbd = Lbd.Start(topology, SockmapBed.Site(topology, V4));
        using RelayedPair pair = lbd.OpenInKernel(topology, V4, listener);
        using RelayedPair small = lbd.OpenInKernel(topology, V4, listener);
        (byte[] up, (long, string) digest) = SockmapBed.Random(24 << 20);
        Task sending = SockmapBed.SendAsync(pair.Client, up);
        lbd.WaitFor(() => lbd.Sockmap().TakenBack == 1, "the guard takes the connection back");
        // Less than the guard minds: the kernel still has it when the handover comes.
        (byte[] less, (long, string) lessDigest) = SockmapBed.Random(200_000);
        Task sendingLess = SockmapBed.SendAsync(small.Client, less);

        lbd.HandOver();

        Assert.Equal(digest, await SockmapBed.DigestAsync(pair.Server));
        Assert.Equal(lessDigest, await SockmapBed.DigestAsync(small.Server));
        await Task.WhenAll(sending, sendingLess);
        pair.Server.Send("done"u8);
        Assert.Equal("done", SockmapBed.ReadText(pair.Client, 4));
    }

    [RootFact]
    public void Engine_is_set_while_it_runs_for_connections_from_then_on()
    {
        using Topology topology = Topology.WithBackends(1);
        using Socket listener = RelayedPair.Listen(topology.Backends[0]);
        SiteSpec site = SockmapBed.Site(topology, V4);
        Lbd lbd = Lbd.Start(topology, site.With("engine = loop"));
        using RelayedPair first = RelayedPair.Open(topology, V4, listener);
        SockmapBed.Exchange(first);

        Assert.Equal(0, lbd.Pbm("service", "set", $"{V4.Name}-tcp", "relay.engine=sockmap").ExitCode);
        lbd.WaitFor(
            () => lbd.Api.Services().Services[0].Relay?.Sockmap is not null, "the service is one for the kernel");
        using RelayedPair second = lbd.OpenInKernel(topology, V4, listener);
        SockmapBed.Exchange(first);

        Assert.Equal(1, lbd.Sockmap().Now);
        Assert.Contains(
            "the kernel carries 1 of them, was given 1", lbd.Pbm("service", "show", $"{V4.Name}-tcp").Output, StringComparison.Ordinal);
    }

    [RootFact]
    public void Killed_process_leaves_nothing_in_the_kernel()
    {
        using Topology topology = Topology.WithBackends(1);
        using Socket listener = RelayedPair.Listen(topology.Backends[0]);
        Lbd lbd = Lbd.Start(topology, SockmapBed.Site(topology, V4));
        using RelayedPair pair = lbd.OpenInKernel(topology, V4, listener);
        string[] maps = Maps(lbd);
        Assert.NotEmpty(maps);

        lbd.Kill();

        Wait.Until(
            () => maps.All(map => Command.TryRun("bpftool", "map", "show", "id", map).ExitCode != 0),
            "the maps of sockets are gone");
    }

    /// <summary>Numbers of the maps of sockets that the process has open.</summary>
    private static string[] Maps(Lbd lbd) =>
        [.. Directory.EnumerateFiles($"/proc/{lbd.Id}/fdinfo")
            .Select(file => MapNumber().Match(File.ReadAllText(file)))
            .Where(match => match.Success)
            .Select(match => match.Groups["number"].Value)];

    [GeneratedRegex(@"(?<count>\d+) requests in", RegexOptions.NonBacktracking)]
    private static partial Regex Requests();

    // Type 15 is a map of sockets.
    [GeneratedRegex(@"map_type:\t15\n(?:.*\n)*?map_id:\t(?<number>\d+)", RegexOptions.NonBacktracking)]
    private static partial Regex MapNumber();
}
