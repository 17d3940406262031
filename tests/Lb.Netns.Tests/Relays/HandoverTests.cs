using System.Net.Sockets;
using System.Text;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Relays;

/// <summary>A new process takes the place of the one that runs, and no relayed connection notices.</summary>
public sealed class HandoverTests
{
    private const int Connections = 200;

    public static TheoryData<string> Routes => Route.Relayed;

    [RootTheory]
    [MemberData(nameof(Routes))]
    public void Connections_live_on_in_the_next_process(string name)
    {
        using Topology topology = Topology.WithEchoServers(2);
        Route route = Route.Of(name);
        Lbd lbd = Lbd.Start(topology, route.TcpSite(topology, backends: 2));
        string plumbing = RelayBed.PlumbingOfAny(topology.Lb);
        var load = LongLivedConnections.Open(topology.Client, route.EndPoint, Connections);
        int first = lbd.Id;

        lbd.HandOver();
        load.ExchangeOnAll();

        Assert.NotEqual(first, lbd.Id);
        Assert.Empty(load.Broken);
        Assert.Equal(Connections, lbd.Relay().Counts.Open);
        Assert.Equal(plumbing, RelayBed.PlumbingOfAny(topology.Lb));
        Assert.Equal(["b1", "b2"], Ask.Spread(topology.Client, route.EndPoint, 30).Keys.Order(StringComparer.Ordinal));
        lbd.WaitForLog($"{Connections} relayed connections", "0 connections were reset");

        lbd.HandOver();
        load.ExchangeOnAll();

        Assert.Empty(load.Broken);
        load.Dispose();
        lbd.WaitFor(() => lbd.Relay().Counts.Open == 0, "ended connections are no longer counted");
    }

    [RootFact]
    public void New_connections_during_a_handover_are_all_served()
    {
        using Topology topology = Topology.WithEchoServers(2);
        Route route = Route.Of("tproxy-v4");
        Lbd lbd = Lbd.Start(topology, route.TcpSite(topology, backends: 2));
        using CancellationTokenSource over = new();
        Task<(int Served, int Failed)> asking = Task.Run(() =>
        {
            int served = 0;
            int failed = 0;
            while (!over.IsCancellationRequested)
            {
                if (Ask.TryTcp(topology.Client, route.EndPoint) is null)
                {
                    failed++;
                }
                else
                {
                    served++;
                }
            }

            return (served, failed);
        });

        lbd.HandOver();
        lbd.HandOver();
        over.Cancel();
        (int served, int failed) = asking.Result;

        Assert.Equal(0, failed);
        Assert.InRange(served, 10, int.MaxValue);
    }

    [RootTheory]
    [MemberData(nameof(Routes))]
    public void Download_goes_on_byte_for_byte(string name)
    {
        using Topology topology = Topology.WithBackends(1);
        string file = Path.Combine(topology.Folder, "large");
        string got = Path.Combine(topology.Folder, "got");
        Command.Run("dd", "if=/dev/urandom", $"of={file}", "bs=1M", "count=100", "status=none");
        Nginx.Start(topology, topology.Backends[0]);
        Route route = Route.Of(name);
        Lbd lbd = Lbd.Start(topology, route.TcpSite(topology, backends: 1));
        using System.Diagnostics.Process download = topology.Client.Start(
            "curl", "-sSf", "-m", "60", "--limit-rate", "20M", "-o", got, $"http://{route.EndPoint}/files/large");
        lbd.WaitFor(() => lbd.Relay().Counts.BytesToClients > 1_000_000, "the download has begun");

        lbd.HandOver();

        Assert.True(download.WaitForExit(TimeSpan.FromSeconds(60)), "curl does not end");
        Assert.True(download.ExitCode == 0, $"curl ends with {download.ExitCode}\n{lbd.Story()}");
        Command.Run("cmp", file, got);
    }

    [RootFact]
    public void Systemd_is_told_that_the_service_is_ready_and_which_process_it_is()
    {
        using Topology topology = Topology.WithEchoServers(1);
        string path = Path.Combine(topology.Folder, "notify");
        using Socket systemd = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified)
        {
            ReceiveTimeout = 60_000,
        };
        systemd.Bind(new UnixDomainSocketEndPoint(path));

        Lbd lbd = Lbd.Start(
            topology, Route.Of("tproxy-v4").TcpSite(topology, backends: 1), "env", $"NOTIFY_SOCKET={path}");
        Assert.Equal("READY=1", Told(systemd));
        lbd.HandOver();

        Assert.Equal($"MAINPID={lbd.Id}", Told(systemd));
        Assert.Equal("READY=1", Told(systemd));
    }

    [RootFact]
    public void Flows_of_the_kernel_path_do_not_notice_either()
    {
        using Topology topology = Topology.WithEchoServers(2);
        Route route = Route.Of("nat-v4");
        Lbd lbd = Lbd.Start(topology, route.TcpSite(topology, backends: 2));
        using var load = LongLivedConnections.Open(topology.Client, route.EndPoint, 40);

        lbd.HandOver();
        load.ExchangeOnAll();

        Assert.Empty(load.Broken);
        Assert.Equal(0, lbd.Stop());
    }

    [RootFact]
    public void Successor_that_finds_a_wrong_configuration_changes_nothing()
    {
        using Topology topology = Topology.WithEchoServers(1);
        Route route = Route.Of("tproxy-v4");
        Lbd lbd = Lbd.Start(topology, route.TcpSite(topology, backends: 1));
        using var load = LongLivedConnections.Open(topology.Client, route.EndPoint, 5);
        int first = lbd.Id;

        lbd.WriteText("lb { nonsense = 1 }");
        lbd.Signal("USR2");

        lbd.WaitForLog("there is no successor", "exit code 2");
        load.ExchangeOnAll();
        Assert.Empty(load.Broken);
        Assert.Equal(first, lbd.Id);
        Assert.NotNull(Ask.TryTcp(topology.Client, route.EndPoint));
    }

    [RootFact]
    public void Connections_of_a_service_that_the_next_process_lacks_are_reset()
    {
        using Topology topology = Topology.WithEchoServers(1);
        SiteSpec both = new SiteSpec(topology.Site)
            .Add(Route.Of("tproxy-v4").Service("tcp", topology.Backends))
            .Add(Route.Of("tproxy-v6").Service("tcp", topology.Backends));
        Lbd lbd = Lbd.Start(topology, both);
        using var kept = LongLivedConnections.Open(topology.Client, Route.Of("tproxy-v4").EndPoint, 5);
        using var gone = LongLivedConnections.Open(topology.Client, Route.Of("tproxy-v6").EndPoint, 5);

        lbd.WriteText(Route.Of("tproxy-v4").TcpSite(topology, backends: 1).ToHocon());
        lbd.HandOver();

        lbd.WaitFor(() => gone.Broken.Count == 5, "connections of the service that is gone are reset");
        kept.ExchangeOnAll();
        Assert.Empty(kept.Broken);
    }

    private static string Told(Socket systemd)
    {
        byte[] buffer = new byte[1024];
        return Encoding.UTF8.GetString(buffer, 0, systemd.Receive(buffer)).Trim();
    }
}
