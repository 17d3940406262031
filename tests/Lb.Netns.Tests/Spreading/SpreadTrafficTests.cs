using System.Net;
using System.Net.Sockets;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.FullNat;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Spreading;

/// <summary>Real clients reach real servers while packets are spread over CPUs.</summary>
public sealed class SpreadTrafficTests
{
    [RootTheory]
    [InlineData("auto")]
    [InlineData("generic")]
    public void Every_mode_and_family_works_and_every_cpu_handles_its_flows(string attach)
    {
        using Topology topology = Topology.WithEchoServers(2);
        topology.AddSources();
        ServiceSpec[] full =
        [
            .. from protocol in (string[])["tcp", "udp"]
               from vip in (IPAddress[])[IPAddress.Parse("192.0.2.77"), IPAddress.Parse("2001:db8:77::77")]
               select FullNatBed.Service(protocol, vip, topology.Backends),
        ];
        SiteSpec site = full
            .Aggregate(Route.FullSite(topology, "tcp", "udp").WithSources(), (all, service) => all.Add(service))
            .SpreadOver("all");
        Lbd lbd = Lbd.Start(topology, site with { Keys = $"{site.Keys}\nattach = {attach}" });

        foreach (ServiceSpec service in lbd.Site.Services)
        {
            for (int i = 0; i < 20; i++)
            {
                (Greeting greeting, IPEndPoint local) = service.Protocol == "tcp"
                    ? Ask.Tcp(topology.Client, service.EndPoint)
                    : Ask.Udp(topology.Client, service.EndPoint);
                Assert.Equal(service.Mode == "full-nat" ? FullNatBed.SourceOf(local.AddressFamily) : local.Address, greeting.Client.Address);
            }
        }

        Assert.Equal("lb_spread", topology.ProgramOf("client0"));
        Assert.All(SpreadBed.Online, cpu => Assert.True(lbd.Handled(cpu) > 0, $"CPU {cpu} has handled nothing"));
        Assert.All(SpreadBed.Online, cpu => Assert.Equal(lbd.Packets(cpu, "given"), lbd.Packets(cpu, "taken")));
        Assert.Equal(0, lbd.Api.Metrics()["lb_cpu_lost_total"]);
    }

    [RootFact]
    public void One_cpu_handles_all_when_it_is_the_only_one()
    {
        using Topology topology = Topology.WithEchoServers(1);
        Route route = Route.Of("nat-v4");
        int chosen = SpreadBed.Online[^1];
        Lbd lbd = Lbd.Start(topology, route.TcpSite(topology, backends: 1).SpreadOver($"{chosen}"));

        foreach (int cpu in SpreadBed.Online)
        {
            topology.Client.Invoke(() =>
            {
                Cpu.Stay(cpu);
                for (int i = 0; i < 10; i++)
                {
                    using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                    socket.Connect(route.EndPoint);
                    Assert.True(socket.Receive(new byte[256]) > 0, "no greeting came");
                }
            });
        }

        // What was sent from another CPU than this one came to that, and was handed over.
        Assert.True(lbd.Packets(chosen, "own") > 0, "nothing came to the chosen CPU by itself");
        Assert.True(SpreadBed.Online.Length == 1 || lbd.Packets(chosen, "taken") > 0, "nothing was handed to the chosen CPU");
        Assert.Contains(
            $"lb.spread.cpus = {chosen}", lbd.Pbm("kernel", "cpus").Output, StringComparison.Ordinal);
    }

    [RootFact]
    public void Packets_of_a_flow_stay_in_order_and_fragments_arrive()
    {
        const int Count = 5000;
        using Topology topology = Topology.WithBackends(1);
        Backend backend = topology.Backends[0];
        topology.Own(EchoServer.Start(backend));
        Route route = Route.Of("nat-v4");
        using Socket server = backend.Namespace.Invoke(() =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 10_000 };
            socket.Bind(new IPEndPoint(backend.V4, Addresses.ServerPort));
            return socket;
        });
        Lbd lbd = Lbd.Start(topology, route.UdpSite(topology, backends: 1).SpreadOver($"{SpreadBed.Online[^1]}"));

        topology.Client.Invoke(() =>
        {
            Cpu.Stay(SpreadBed.Online[0]);
            using Socket client = Ask.OpenUdp(route.EndPoint);
            byte[] got = new byte[8192];
            for (int i = 0; i < Count; i += 50)
            {
                // Fewer than a queue or a socket holds, so that none may be missing.
                for (int j = i; j < i + 50; j++)
                {
                    client.Send(BitConverter.GetBytes(j));
                }

                for (int j = i; j < i + 50; j++)
                {
                    Assert.Equal(sizeof(int), server.Receive(got));
                    Assert.Equal(j, BitConverter.ToInt32(got));
                }
            }

            client.Send(new byte[4000]);
            Assert.Equal(4000, server.Receive(got));
        });

        Assert.True(lbd.Handled(SpreadBed.Online[^1]) >= Count, "packets were not handled where they were to be");
    }
}
