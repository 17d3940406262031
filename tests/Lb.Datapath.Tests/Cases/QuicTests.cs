using System.Net;
using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>A QUIC packet goes to the backend that issued its connection ID, wherever it comes from.</summary>
public class QuicTests(Testbed bed) : DatapathTest(bed)
{
    private const int Config = 5;

    /// <summary>Backend 2.</summary>
    private static readonly byte[] s_id = [0x0a, 0x01];

    public static TheoryData<int> Lengths => [.. Enumerable.Range(1, ServerId.MostBytes)];

    public static TheoryData<Delivery> FullWays => [Delivery.Nat4, Delivery.Nat6];

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Packet_goes_to_the_backend_that_its_id_names(Delivery way)
    {
        Scene scene = Quic(way);
        foreach (byte[] body in (byte[][])[Short(s_id), Long(s_id)])
        {
            Packet packet = scene.Packet().Payload(body);
            scene.Send(packet, e => e.Forwarded(to: 2, scene.Delivered(packet, 2).ToBytes()));
        }
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Client_that_changes_address_and_port_keeps_its_backend(Delivery way)
    {
        Scene scene = Quic(way);
        for (int port = 1025; port < 1045; port++)
        {
            IPEndPoint client = new(way.OtherClient().Address, port);
            Packet packet = scene.Packet().ComingFrom(client).Payload(Short(s_id));
            scene.Send(packet, e => e.Forwarded(to: 2, scene.Delivered(packet, 2, scene.FlowOf(client)).ToBytes()));
        }
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Id_wins_over_the_flow_table_and_leaves_no_entry(Delivery way)
    {
        Scene scene = Quic(way, Tracking.Full).Slot(current: 3, previous: 1);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 1).Tracked(1))
            .Send(scene.Packet().Payload(Short(s_id)), e => e.Forwarded(to: 2))
            .Send(scene.Packet(), e => e.Forwarded(to: 1));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Packet_whose_id_names_nobody_goes_by_the_hash(Delivery way)
    {
        Scene scene = Quic(way);
        byte[][] bodies =
        [
            Long([0xab, 0xcd]), // of a client, or of a backend that is gone
            Short(s_id, config: 7), // says so
            Short(s_id, config: Config + 1),
            Short(s_id, nonce: 3), // no server issues it
            Long(s_id, nonce: 3),
            Long(s_id, nonce: 30)[..20], // cut off
            [.. Long(s_id)[..5], 0, .. Short(s_id)], // of no length
            [0x40],
            [0xc0, 0, 0, 0, 1],
            [],
        ];
        foreach (byte[] body in bodies)
        {
            Packet packet = scene.Packet().Payload(body);
            scene.Send(packet, e => e.Forwarded(to: 1, scene.Delivered(packet, 1).ToBytes()));
        }
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Bytes_behind_the_datagram_are_no_part_of_the_id(Delivery way)
    {
        Scene scene = Quic(way);
        Packet whole = scene.Packet().Payload(Short(s_id));
        // The frame has all of it, the packet only its beginning; then what pads the frame is the last of it.
        Packet part = whole.IpLength(whole.ToLayer3().Length - (whole.Ip is Ip6Header ? Ip6Header.Length : 0) - 1);
        scene.Send(part, e => e.Forwarded(to: 1)).Send(whole.Pad(7), e => e.Forwarded(to: 2));
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Id_of_a_dead_backend_names_nobody_until_it_is_back(Delivery way)
    {
        Scene scene = Quic(way).Dead(2);
        Packet packet = scene.Packet().Payload(Short(s_id));
        scene.Send(packet, e => e.Forwarded(to: 1));
        scene.AddBackend(2);
        scene.Send(packet, e => e.Forwarded(to: 2));
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Index_that_is_another_services_by_now_is_not_used(Delivery way)
    {
        Scene scene = Quic(way).Backend(2, b => b with { Service = Scene.OtherServiceId });
        scene.Send(scene.Packet().Payload(Short(s_id)), e => e.Forwarded(to: 1));
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Backend_without_a_next_hop_is_not_replaced_by_another(Delivery way)
    {
        Scene scene = Quic(way).Backend(2, b => b with { NextHop = null });
        scene.Send(scene.Packet().Payload(Short(s_id)), e => e.DroppedOfService(Verdict.DropNoNextHop));
    }

    [RootTheory, MemberData(nameof(Lengths))]
    public void Server_ids_of_any_length_are_told_apart_to_the_last_byte(int length)
    {
        byte[] id = [.. Enumerable.Range(1, length).Select(i => (byte)i)];
        byte[] other = [.. id[..^1], (byte)(id[^1] ^ 0x80)];
        Scene scene = Udp(Delivery.Nat4).With(s => s with { Quic = new QuicRouting(Config, length) });
        Name(scene, id, 2);
        Name(scene, other, 3);
        foreach (Func<byte[], byte[]> header in (Func<byte[], byte[]>[])[i => Short(i), i => Long(i)])
        {
            scene.Send(scene.Packet().Payload(header(id)), e => e.Forwarded(to: 2))
                .Send(scene.Packet().Payload(header(other)), e => e.Forwarded(to: 3));
        }
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Service_that_asks_for_nothing_takes_no_notice(Delivery way)
    {
        Scene scene = Quic(way).With(s => s with { Quic = null });
        scene.Send(scene.Packet().Payload(Short(s_id)), e => e.Forwarded(to: 1));
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Fallback_is_the_clients_where_it_has_affinity(Delivery way)
    {
        Scene scene = Quic(way).With(s => s with { AffinityPrefix = 16, Slots = 101 });
        scene.World.Tables[Scene.TableIndex] = [.. Enumerable.Range(0, 101).Select(i => new Slot((uint)(i % 3) + 1))];
        for (int port = 1025; port < 1035; port++)
        {
            IPEndPoint client = new(way.Client().Address, port);
            uint backend = (scene.Service.Hashing.Slot(scene.FlowOf(client), 101) % 3) + 1;
            scene.Send(scene.Packet().ComingFrom(client), e => e.Forwarded(to: backend))
                .Send(scene.Packet().ComingFrom(client).Payload(Long(s_id)), e => e.Forwarded(to: 2));
        }
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Pieces_follow_the_first_one_which_has_the_id(Delivery way)
    {
        Scene scene = Quic(way);
        Packet packet = scene.Packet().Payload([.. Short(s_id), .. new byte[32]]);
        scene.Send(FragmentTests.First(packet), e => e.Forwarded(to: 2))
            .Send(FragmentTests.Later(scene.Packet(), 64), e => e.Forwarded(to: 2))
            .Send(FragmentTests.First(scene.Packet(), id: 9), e => e.Forwarded(to: 1))
            .Send(FragmentTests.Later(scene.Packet(), 64, id: 9), e => e.Forwarded(to: 1));
    }

    [RootTheory, MemberData(nameof(FullWays))]
    public void Flow_of_full_nat_begins_at_the_backend_that_the_id_names(Delivery way)
    {
        Scene scene = Full(way);
        Packet named = scene.Packet().Payload(Short(s_id));
        scene.Send(named, e => e.Forwarded(2, There(scene, named, 2)).Begun())
            .Send(named, e => e.Forwarded(2, There(scene, named, 2)))
            .Send(scene.Packet(), e => e.Forwarded(2, There(scene, scene.Packet(), 2)));
    }

    [RootTheory, MemberData(nameof(FullWays))]
    public void Flow_of_full_nat_begins_anew_when_the_id_names_another_backend(Delivery way)
    {
        Scene scene = Full(way);
        Packet named = scene.Packet().Payload(Short(s_id));
        scene.Send(scene.Packet(), e => e.Forwarded(1, There(scene, scene.Packet(), 1)).Begun())
            .Send(named, e => e.Forwarded(2, There(scene, named, 2)).Begun());
        Assert.Equal(2, scene.World.FullNew.Count);
    }

    /// <summary>The slot sends to backend 1, the ID of the packets to backend 2.</summary>
    private Scene Quic(Delivery way, Tracking tracking = Tracking.Minimal)
    {
        Scene scene = Udp(way, tracking).With(s => s with { Quic = new QuicRouting(Config, s_id.Length) });
        Name(scene, s_id, 2);
        return scene;
    }

    private Scene Full(Delivery way)
    {
        Scene scene = Quic(way, Tracking.Full)
            .With(service => service with { Mode = ForwardingMode.FullNat, Relay = RelayFlags.FullNat });
        scene.World.Sources.Add(new FullNatSource(Source(way).Address, (ushort)Source(way).Port, (ushort)Source(way).Port));
        return scene;
    }

    private static IPEndPoint Source(Delivery way) => new(IPAddress.Parse(way.HasV6Vip() ? "2001:db8:1::50" : "10.1.0.50"), 2000);

    /// <summary>What the backend gets of a packet from the node's address.</summary>
    private static byte[] There(Scene scene, Packet packet, uint backend) =>
        packet.ComingFrom(Source(scene.Delivery)).Towards(scene.Delivery.Backend(backend)).Hop()
            .Macs(Roles.NodeMac, Roles.BackendMac(backend))
            .ToBytes();

    private static void Name(Scene scene, byte[] id, uint backend) =>
        scene.World.ServerIds[new ServerIdKey(Scene.ServiceId, Config, new ServerId(id))] = backend;

    private static byte[] Short(byte[] server, int config = Config, int nonce = 4) => [0x41, .. Id(server, config, nonce)];

    /// <summary>With a source connection ID and more behind it.</summary>
    private static byte[] Long(byte[] server, int config = Config, int nonce = 4)
    {
        byte[] id = Id(server, config, nonce);
        return [0xc3, 0, 0, 0, 1, (byte)id.Length, .. id, 2, 0xaa, 0xbb, .. new byte[9]];
    }

    private static byte[] Id(byte[] server, int config, int nonce) =>
        [(byte)((config << 5) | 0x11), .. server, .. Enumerable.Repeat((byte)0xee, nonce)];
}
