using System.Net;
using System.Net.Sockets;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Spreading;
using Lb.Netns.Tests.Tc;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.FullNat;

/// <summary>Datagrams that come in fragments, and are answered in fragments, by backends that know no way back to clients.</summary>
public sealed class FragmentsTests
{
    private const int Clients = 4;
    private const int Rounds = 10;

    private static readonly int[] s_sizes = [4000, 9000];
    private static readonly IPAddress[] s_vips = [Addresses.NatVip4, Addresses.NatVip6];

    [RootTheory]
    [InlineData("xdp")]
    [InlineData("tc")]
    public void Datagrams_of_any_size_are_echoed_whole(string hook)
    {
        using Topology topology = Topology.WithBackends(2);
        Lbd lbd = Start(topology, site => site.At(hook));
        foreach (IPAddress vip in s_vips)
        {
            topology.Client.Invoke(() => EchoAll(new IPEndPoint(vip, Addresses.ServicePort)));
        }

        NodeHasDroppedNothing(lbd);
    }

    [RootFact]
    public void Datagrams_are_echoed_whole_where_packets_are_spread_over_cpus()
    {
        using Topology topology = Topology.WithBackends(1);
        Lbd lbd = Start(topology, site => site.SpreadOver(string.Join(',', SpreadBed.Online)));
        foreach (IPAddress vip in s_vips)
        {
            topology.Client.Invoke(() => EchoAll(new IPEndPoint(vip, Addresses.ServicePort)));
        }

        NodeHasDroppedNothing(lbd);
    }

    /// <summary>One backend, to which both come from one address: only the node's own numbers keep them apart.</summary>
    [RootTheory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public void Fragments_of_clients_with_the_same_identification_are_not_mixed(AddressFamily family)
    {
        const ushort id = 0x5a17;
        using Topology topology = Topology.WithBackends(1);
        Lbd lbd = Start(topology, site => site);
        IPEndPoint vip = new(s_vips.Single(address => address.AddressFamily == family), Addresses.ServicePort);
        IPAddress[] clients = topology.AddClients(family, Clients);
        topology.Client.Invoke(() =>
        {
            using var raw = new RawDatagrams(family);
            Socket[] sockets = [.. clients.Select(client => Ask.OpenUdp(vip, client))];
            for (int round = 0; round < Rounds; round++)
            {
                byte[][] payloads = [.. sockets.Select(_ => RawDatagrams.Random(4000))];
                // First all first fragments, then all seconds, and so on, each with the number that all clients have.
                foreach (byte[] fragment in sockets.Zip(payloads, (socket, payload) => RawDatagrams.Cut(socket, payload, id))
                    .SelectMany(pieces => pieces.Index()).OrderBy(piece => piece.Index).Select(piece => piece.Item))
                {
                    raw.Send(fragment, vip.Address);
                }

                Assert.All(sockets.Zip(payloads), pair => Assert.Equal(pair.Second, Receive(pair.First)));
            }

            Array.ForEach(sockets, socket => socket.Dispose());
        });
        NodeHasDroppedNothing(lbd);
    }

    private static Lbd Start(Topology topology, Func<SiteSpec, SiteSpec> change)
    {
        topology.AddSources();
        topology.TakeGateways();
        // What backends send fits to clients: who is told of less has lost the datagram that it was told about.
        topology.Lb.Ip("link set backend0 mtu 1500");
        foreach (Backend backend in topology.Backends)
        {
            backend.Namespace.Ip("link set eth0 mtu 1500");
            topology.Own(WholeEcho.Start(backend));
            topology.Own(EchoServer.Start(backend)); // Probes go over TCP.
        }

        return Lbd.Start(topology, change(s_vips.Aggregate(
            new SiteSpec(topology.Site).WithSources(), (site, vip) => site.Add(FullNatBed.Service("udp", vip, topology.Backends)))));
    }

    /// <summary>Several clients at once, so that their datagrams and the answers to these are on the way together.</summary>
    private static void EchoAll(IPEndPoint service)
    {
        Socket[] sockets = [.. Enumerable.Range(0, Clients).Select(_ => Ask.OpenUdp(service))];
        for (int round = 0; round < Rounds; round++)
        {
            foreach (int size in s_sizes)
            {
                byte[][] payloads = [.. sockets.Select(_ => RawDatagrams.Random(size))];
                Assert.All(sockets.Zip(payloads), pair => Assert.Equal(size, pair.First.Send(pair.Second)));
                Assert.All(sockets.Zip(payloads), pair => Assert.Equal(pair.Second, Receive(pair.First)));
            }
        }

        Array.ForEach(sockets, socket => socket.Dispose());
    }

    private static byte[] Receive(Socket socket)
    {
        byte[] answer = new byte[16_384];
        return answer[..socket.Receive(answer)];
    }

    private static void NodeHasDroppedNothing(Lbd lbd) =>
        Assert.Equal(0ul, lbd.Api.TryNode()!.Verdicts["dropFragment"].Packets);
}
