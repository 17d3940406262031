using System.Net;
using System.Net.Sockets;
using Lb.Datapath.Tests.Model;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;

namespace Lb.Datapath.Tests.Fuzz;

/// <summary>Random packets that have to do with a universe, well-formed ones.</summary>
internal sealed class RandomTraffic(Universe universe)
{
    private static readonly int[] Ttls = [64, 64, 64, 255, 2, 1, 0];
    private static readonly int[] Lengths = [0, 1, 7, 18, 64];
    private static readonly byte[] OddProtocols = [2, 4, 17, 41, 47, 50, 58, 1, 132];
    private static readonly byte[] Chunks =
    [
        SctpChunk.Init, SctpChunk.Init, SctpChunk.Init, SctpChunk.CookieEcho, SctpChunk.Data, SctpChunk.Data, SctpChunk.Heartbeat,
        SctpChunk.Abort, SctpChunk.Shutdown, SctpChunk.ShutdownAck, SctpChunk.ShutdownComplete, 255,
    ];

    private static readonly byte[] Extensions = [0, 43, 44, 50, 51, 60, 135];

    private readonly Random _random = universe.Random;

    public Packet Next()
    {
        Packet packet = _random.Next(36) switch
        {
            >= 32 => Fragment(),
            < 17 => Request(),
            < 22 => Reply(),
            < 25 => Error(),
            < 27 => BackendError(),
            < 29 => Ping(),
            < 31 => Odd(),
            _ => Packet.Frame((ushort)_random.Next(0x10000), Bytes(_random.Next(80))),
        };
        return universe.Once(4) ? packet.Pad(_random.Next(1, 30)) : packet;
    }

    public byte[] Bytes(int length)
    {
        byte[] bytes = new byte[length];
        _random.NextBytes(bytes);
        return bytes;
    }

    private IPEndPoint RandomVip()
    {
        IReadOnlyList<Endpoint> services = [.. universe.World.Services.Keys];
        if (services.Count > 0 && !universe.Once(10))
        {
            return universe.Near(universe.Pick(services));
        }

        return new IPEndPoint(universe.Pick(Universe.Vips), universe.Pick<ushort>([80, 443, 53, 81, 0]));
    }

    private Packet Request()
    {
        IPEndPoint to = RandomVip();
        return Between(universe.RandomClientSocket(to.AddressFamily), to);
    }

    private Packet Reply()
    {
        if (universe.Once(2) && RandomFull() is { } flow)
        {
            return Between(Source(flow), Destination(flow));
        }

        IPEndPoint from = RandomBackend();
        return Between(from, universe.RandomClientSocket(from.AddressFamily));
    }

    private Packet Between(IPEndPoint from, IPEndPoint to)
    {
        Packet packet = universe.Once(5) ? Packet.Sctp(from, to, universe.Pick(Chunks))
            : universe.Once(2) ? Packet.Udp(from, to)
            : Packet.Tcp(from, to, RandomFlags());
        if (universe.Once(10))
        {
            packet = packet.TransportChecksum(universe.Pick([0, 0xffff, _random.Next(0x10000)]));
        }

        return Vary(packet.Transport is TcpHeader && universe.Once(2) ? packet.TcpHeader(WithOptions) : packet);
    }

    private TcpHeader WithOptions(TcpHeader tcp)
    {
        List<byte> options = [];
        for (int i = _random.Next(1, 8); i > 0 && options.Count < 36; i--)
        {
            byte[] mss = [2, 4, (byte)_random.Next(1, 9), (byte)_random.Next(256)];
            options.AddRange(universe.Pick<byte[]>(
                [mss, mss, [1], [1, 1], [3, 3, 7], [4, 2], [8, 6, 0, 0, 0, 1], [0], [(byte)_random.Next(256), (byte)_random.Next(8)]]));
        }

        options.AddRange(Enumerable.Repeat((byte)1, -options.Count & 3));
        return tcp with { Options = [.. options.Take(40)], Flags = universe.Once(2) ? TcpFlags.Syn : tcp.Flags };
    }

    /// <summary>A piece of a request or a reply; few identifications, so that pieces find each other.</summary>
    private Packet Fragment()
    {
        if (universe.Once(3) && universe.World.Fragments.Count > 0)
        {
            return Later(universe.World.Fragments.ElementAt(_random.Next(universe.World.Fragments.Count)));
        }

        Packet packet = universe.Once(3) ? Reply() : Request();
        int offset = universe.Pick([0, 0, 0, 1, 2, 3, 185, 8191]);
        bool more = offset == 0 ? !universe.Once(12) : universe.Once(2);
        if (offset > 0)
        {
            byte protocol = packet.Transport!.Protocol;
            packet = packet with { Transport = new RawTransport(protocol), Body = Bytes(_random.Next(40)) };
        }

        return Piece(packet, offset, more, (uint)_random.Next(4));
    }

    /// <summary>A later piece of a datagram whose first one is known.</summary>
    private Packet Later(KeyValuePair<FragmentId, FragmentState> known)
    {
        Packet whole = Packet.Udp(new IPEndPoint(known.Key.Source, 0), new IPEndPoint(known.Key.Destination, 0));
        Packet packet = whole with { Transport = new RawTransport(known.Value.Protocol) };
        return Piece(packet.Ttl(universe.Pick(Ttls)).Payload(Bytes(_random.Next(1, 40))), _random.Next(3, 200), universe.Once(2), known.Key.Id);
    }

    private static Packet Piece(Packet packet, int offset, bool more, uint id) => packet.Ip is Ip6Header
        ? packet.Ip6(ip => ip with
        {
            Extension = (44,
            [
                0, (byte)(offset >> 5), (byte)((offset << 3) | (more ? 1 : 0)),
                (byte)(id >> 24), (byte)(id >> 16), (byte)(id >> 8), (byte)id,
            ]),
        })
        : packet.Ip4(ip => ip with { Id = (ushort)id, Fragment = (ushort)(offset | (more ? 0x2000 : 0)) });

    /// <summary>One of the service that a packet is for, in most cases.</summary>
    private ServerIdKey ServerIdFor(Packet packet)
    {
        Endpoint to = new(packet.Ip!.Destination, ((UdpHeader)packet.Transport!).DestinationPort, TransportProtocol.Udp);
        ServerIdKey[] own = universe.World.TryGetService(to, out ServiceEntry? service)
            ? [.. universe.World.ServerIds.Keys.Where(key =>
                key.Service == service.Id && service.Quic == new QuicRouting(key.ConfigId, key.Id.Length))]
            : [];
        return own.Length == 0 || universe.Once(8) ? universe.RandomServerId() : universe.Pick(own);
    }

    /// <summary>A packet with a connection ID that names a backend, mostly, or what is almost one.</summary>
    private byte[] QuicPacket(ServerIdKey key, int length)
    {
        byte[] server = new byte[key.Id.Length];
        key.Id.CopyTo(server);
        int config = universe.Once(12) ? _random.Next(8) : key.ConfigId;
        byte[] id = [(byte)((config << 5) | _random.Next(32)), .. server, .. Bytes(universe.Once(4) ? _random.Next(8) : 4)];
        byte[] packet = universe.Once(2)
            ? [(byte)_random.Next(0x80), .. id, .. Bytes(length)]
            : [(byte)_random.Next(0x80, 0x100), .. Bytes(4), (byte)(id.Length + (universe.Once(8) ? _random.Next(-3, 8) : 0)), .. id, .. Bytes(length)];
        return universe.Once(8) ? packet[.._random.Next(packet.Length)] : packet;
    }

    private TcpFlags RandomFlags() => _random.Next(8) switch
    {
        < 3 => TcpFlags.Syn,
        < 6 => TcpFlags.Ack,
        _ => (TcpFlags)_random.Next(0x20),
    };

    private Packet Vary(Packet packet)
    {
        int length = universe.Once(12) ? _random.Next(1220, 1520) : universe.Pick(Lengths);
        if (packet.Ip is Ip4Header && universe.Once(6))
        {
            packet = packet.Ip4(ip => ip with { Fragment = 0 });
        }

        byte[] body = packet.Transport is UdpHeader && !universe.Once(4) ? QuicPacket(ServerIdFor(packet), length) : Bytes(length);
        return packet.Ttl(universe.Pick(Ttls)).Tos(_random.Next(256)).Payload(body);
    }

    private Packet Error()
    {
        IPEndPoint vip = RandomVip();
        IPEndPoint client = universe.RandomClientSocket(vip.AddressFamily);
        return ErrorAbout(Between(vip, client), universe.RandomClient(vip.AddressFamily), vip.Address);
    }

    private Packet BackendError()
    {
        if (universe.Once(2) && RandomFull() is { } flow)
        {
            Packet about = Between(Destination(flow), Source(flow));
            IPAddress from = universe.Once(2) ? flow.Source : universe.RandomClient(flow.Source.AddressFamily);
            return ErrorAbout(about, from, universe.Once(20) ? flow.Source : flow.Vip);
        }

        IPEndPoint backend = RandomBackend();
        IPEndPoint client = universe.RandomClientSocket(backend.AddressFamily);
        return ErrorAbout(Between(client, backend), backend.Address, client.Address);
    }

    /// <summary>One that may have replies, or whose replies would be known.</summary>
    private IPEndPoint RandomBackend()
    {
        Endpoint[] sources = universe.Once(2) ? [] : [.. universe.World.Nat.Keys];
        return sources.Length == 0
            ? Universe.SocketOf((uint)_random.Next(1, (int)Universe.Backends + 1))
            : universe.Near(universe.Pick(sources));
    }

    /// <summary>The ends of packets that full-nat has an entry for, in most cases of a backend's.</summary>
    private Flow? RandomFull()
    {
        Dictionary<Flow, FullState> entries = universe.Once(2) ? universe.World.Full : universe.World.FullNew;
        return entries.Count == 0 ? null : entries.Keys.ElementAt(_random.Next(entries.Count));
    }

    private IPEndPoint Source(Flow flow) => new(flow.Source, flow.SourcePort);

    private IPEndPoint Destination(Flow flow) =>
        new(flow.Vip, universe.Once(12) ? (ushort)universe.Random.Next(65_536) : flow.VipPort);

    private Packet ErrorAbout(Packet about, IPAddress from, IPAddress to)
    {
        bool v6 = from.AddressFamily == AddressFamily.InterNetworkV6;
        byte type = universe.Pick<byte>(v6 ? [1, 2, 3, 4] : [3, 11, 12]);
        byte[] quoted = about.ToLayer3();
        int keep = universe.Once(3) ? _random.Next(70) : quoted.Length;
        return Packet.Icmp(from, to, type, (byte)_random.Next(16), (uint)_random.Next())
            .Ttl(universe.Pick(Ttls))
            .Payload([.. quoted.Take(keep)]);
    }

    private Packet Ping()
    {
        IPAddress to = universe.Pick(Universe.Vips);
        byte[] types = to.AddressFamily == AddressFamily.InterNetworkV6 ? [128, 128, 129, 135, 5] : [8, 8, 0, 13, 5];
        IPAddress from = universe.RandomClient(to.AddressFamily);
        return Vary(Packet.Icmp(from, to, universe.Pick(types), rest: (uint)_random.Next()));
    }

    private Packet Odd()
    {
        Packet packet = Request();
        if (packet.Ip is Ip6Header)
        {
            byte[] extension = [(byte)0, .. Bytes(6)];
            return universe.Once(2)
                ? packet.Ip6(ip => ip with { Extension = (universe.Pick(Extensions), extension) })
                : packet.Protocol(universe.Pick(OddProtocols));
        }

        return _random.Next(3) switch
        {
            0 => packet.Ip4(ip => ip with { Options = Bytes(4 * _random.Next(1, 11)) }),
            1 => packet.Ip4(ip => ip with { Fragment = (ushort)_random.Next(0x10000) }),
            _ => packet.Protocol(universe.Pick(OddProtocols)),
        };
    }
}
