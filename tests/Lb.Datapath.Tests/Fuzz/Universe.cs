using System.Net;
using System.Net.Sockets;
using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Model;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;

namespace Lb.Datapath.Tests.Fuzz;

/// <summary>The names that random worlds and packets are made of; few, so that they meet often.</summary>
internal sealed class Universe
{
    public const uint Backends = 24;

    /// <summary>The first half are of backends of IPv4.</summary>
    public const uint Tables = 6;

    public static readonly IPAddress[] Vips =
    [
        Roles.Vip4.Address, IPAddress.Parse("192.0.2.11"), Roles.Vip6.Address, IPAddress.Parse("2001:db8:f::11"),
    ];

    public static readonly ushort[] VipPorts = [80, 443, 53];

    /// <summary>Prefixes and ranges that lie within each other, side by side and across each other.</summary>
    private static readonly (string Network, ushort First, ushort Last)[] s_ranges =
    [
        ("192.0.2.0/24", 1, 65_535), ("192.0.2.8/30", 53, 443), ("192.0.2.10/32", 79, 81), ("192.0.2.10/32", 50, 1023),
        ("192.0.2.10/32", 81, 90), ("192.0.2.10/31", 443, 443), ("192.0.0.0/16", 80, 80), ("192.0.2.11/32", 1, 65_535),
        ("2001:db8:f::/64", 1, 65_535), ("2001:db8:f::/48", 53, 443), ("2001:db8:f::10/128", 79, 81),
        ("2001:db8:f::10/128", 50, 1023), ("2001:db8:f::10/127", 443, 444), ("2001:db8:f::11/128", 81, 90),
    ];

    /// <summary>Ports that replies of one backend come from, within each other and across.</summary>
    private static readonly (ushort First, ushort Last)[] s_sources =
        [(1, 65_535), (8080, 8080), (8080, 8080), (8080, 8080), (53, 443), (8000, 8090), (8080, 8081), (443, 8080)];

    /// <summary>Behind the gateway, unresolved on the link, without a route.</summary>
    public static readonly IPAddress[] Clients4 =
    [
        .. Enumerable.Range(1, 6).Select(n => IPAddress.Parse($"198.51.100.{n}")),
        Roles.Unresolved4.Address, Roles.Stranger4.Address, Roles.Narrow4.Address,
    ];

    public static readonly IPAddress[] Clients6 =
    [
        .. Enumerable.Range(1, 6).Select(n => IPAddress.Parse($"2001:db8:c::{n}")),
        Roles.Unresolved6.Address, Roles.Stranger6.Address, Roles.Narrow6.Address,
    ];

    public static readonly ushort[] ClientPorts = [1024, 40_000, 40_001, 65_535];

    private static readonly int[] TableLengths = [1, 7, 101];
    private static readonly int[] Mtus = [1500, 1500, 1500, 1400, 1300, 9000, 108];

    private readonly int[] _interfaces;

    /// <summary>Of full-nat; a few ports, so that they are used up.</summary>
    public static readonly FullNatSource[] Sources =
    [
        new(IPAddress.Parse("10.1.0.50"), 2000, 2002), new(IPAddress.Parse("10.1.0.51"), 3000, 65_535),
        new(IPAddress.Parse("10.1.0.52"), 1, 1),
        new(IPAddress.Parse("2001:db8:1::50"), 2000, 2002), new(IPAddress.Parse("2001:db8:1::51"), 1, 65_535),
    ];

    public Universe(Random random, Testbed bed)
    {
        Random = random;
        _interfaces = [bed.Ingress, bed.BackendInterface];
        for (uint table = 0; table < Tables; table++)
        {
            World.Tables[table] = new Slot[Pick(TableLengths)];
        }

        for (uint index = 1; index <= Backends; index++)
        {
            World.Backends[index] = RandomBackend(index);
        }

        World.Routes = bed.RouteTo;
    }

    public Random Random { get; }

    public World World { get; } = new();

    public T Pick<T>(IReadOnlyList<T> from) => from[Random.Next(from.Count)];

    /// <summary>True once in so many times.</summary>
    public bool Once(int times) => Random.Next(times) == 0;

    public int RandomInterface() => Pick(_interfaces);

    public IPAddress RandomClient(AddressFamily family) =>
        Pick(family == AddressFamily.InterNetwork ? Clients4 : Clients6);

    public IPEndPoint RandomClientSocket(AddressFamily family) => new(RandomClient(family), Pick(ClientPorts));

    public static IPEndPoint SocketOf(uint backend) =>
        backend % 2 == 0 ? Roles.Backend4(backend) : Roles.Backend6(backend);

    /// <summary>Where replies of a backend come from: its port, or a range of them.</summary>
    public Endpoint RandomSource(uint index)
    {
        IPAddress address = SocketOf(index).Address;
        (ushort first, ushort last) = Pick(s_sources);
        int bits = address.GetAddressBytes().Length * 8;
        return Endpoint.Of(new IPNetwork(address, bits), first, last, Once(2) ? TransportProtocol.Tcp : TransportProtocol.Udp);
    }

    public BackendEntry RandomBackend(uint index)
    {
        IPEndPoint at = SocketOf(index);
        IPAddress node = index % 2 == 0 ? Roles.NodeIp4.Address : Roles.NodeIp6.Address;
        var hop = new NextHop(
            RandomInterface(),
            Roles.NodeMac.ToPhysicalAddress(),
            Roles.BackendMac(index).ToPhysicalAddress(),
            node,
            Pick(Mtus));
        return new BackendEntry(
            (uint)Random.Next(4), at.Address, Once(6) ? (ushort)0 : (ushort)at.Port, Alive: !Once(6), Once(16) ? null : hop)
        {
            TunnelPort = Pick<ushort>([0, ForwardingModes.GuePort, ushort.MaxValue]),
            Mss = Pick<ushort>([0, 0, 536, 1400]),
        };
    }

    /// <summary>A VIP of a single address and port, or of a prefix or a range of ports.</summary>
    public Endpoint RandomVip()
    {
        TransportProtocol protocol = Once(4) ? TransportProtocol.Sctp : Once(2) ? TransportProtocol.Tcp : TransportProtocol.Udp;
        if (Once(2))
        {
            return new Endpoint(Pick(Vips), Pick(VipPorts), protocol);
        }

        (string network, ushort first, ushort last) = Pick(s_ranges);
        return Endpoint.Of(IPNetwork.Parse(network), first, last, protocol);
    }

    /// <summary>An address and port of a service: at the edges of what it has, in the midst of it, and beside it.</summary>
    public IPEndPoint Near(Endpoint vip)
    {
        if (!vip.IsRange)
        {
            return new IPEndPoint(vip.Address, vip.Port);
        }

        int port = Random.Next(8) switch
        {
            0 => vip.Port - 1,
            1 => vip.HighestPort + 1,
            2 or 3 => vip.Port,
            4 or 5 => vip.HighestPort,
            _ => Random.Next(vip.Port, vip.HighestPort + 1),
        };
        byte[] address = vip.Address.GetAddressBytes();
        int open = Math.Min((int)vip.OpenBits, 8) + (Once(8) ? 1 : 0);
        address[^1] ^= (byte)Random.Next(1 << Math.Min(open, 8));
        if (vip.OpenBits > 8)
        {
            address[^2] ^= (byte)(Once(2) ? 0 : Random.Next(1 << Math.Min(vip.OpenBits - 8, 8)));
        }

        return new IPEndPoint(new IPAddress(address), Math.Clamp(port, 0, ushort.MaxValue));
    }

    /// <summary>A service whose table has backends that it can mostly use.</summary>
    public void PutRandomService(Endpoint vip)
    {
        bool v4 = vip.Address.AddressFamily == AddressFamily.InterNetwork;
        // SCTP is of the modes alone that leave a packet as it is: nobody writes another.
        bool carries = vip.Protocol == TransportProtocol.Sctp;
        ForwardingMode mode = carries ? RandomDsr()
            : Once(8) ? ForwardingMode.Tproxy
            : Once(3) ? ForwardingMode.FullNat
            : Once(2) ? ForwardingMode.Nat
            : RandomDsr();
        bool v4Backends = mode switch
        {
            ForwardingMode.DsrGue or ForwardingMode.DsrL2 => Once(2),
            ForwardingMode.DsrIpip => v4 && Once(2),
            _ => v4,
        };
        uint table = (uint)Random.Next((int)Tables / 2) + (v4Backends ? 0 : Tables / 2);
        Slot[] slots = World.Tables[table];
        for (int i = 0; i < slots.Length; i++)
        {
            slots[i] = RandomSlot(Once(20) ? !v4Backends : v4Backends);
        }

        uint length = Once(16) ? Pick<uint>([0, (uint)slots.Length / 2, (uint)slots.Length + 3]) : (uint)slots.Length;
        uint id = (uint)Random.Next(8);
        World.Services[vip] = new ServiceEntry(
            id, table, length, (uint)Random.Next(4), mode, (Tracking)Random.Next(3))
        {
            AffinityPrefix = Once(2) ? AffinityOf(id, v4) : null,
            AffinityTicks = id < 4 ? ClientTables.Timeout : 0,
            Quic = Once(2) ? QuicOf(id) : null,
            Resets = Once(2),
            Logging = mode == ForwardingMode.Tproxy ? FlowLogging.Off : (FlowLogging)Random.Next(3),
            Relay = mode == ForwardingMode.FullNat ? RelayFlags.FullNat | (Once(4) ? OlderWay(v4Backends) : RelayFlags.None)
                : !carries && Once(6) ? RelayFlags.FullNat
                : RelayFlags.None,
        };
    }

    private ForwardingMode RandomDsr() => Pick([ForwardingMode.DsrIpip, ForwardingMode.DsrGue, ForwardingMode.DsrL2]);

    /// <summary>Services that share an id share what tells their clients apart, too: it goes by id and family.</summary>
    private static int? AffinityOf(uint id, bool v4) => (id % 2 == 0) != v4 ? null
        : v4 ? ((int[])[1, 24, 31, 32])[id / 2]
        : ((int[])[1, 64, 126, 128])[id / 2];

    /// <summary>The client that a source may be, of a service that may have its clients keep their backend.</summary>
    public ClientId? RandomClientId(ServiceEntry service, AddressFamily family) => service is { AffinityPrefix: { } prefix, AffinityTicks: > 0 }
        ? new ClientId(service.Id, FlowHashModel.Masked(RandomClient(family), prefix))
        : null;

    /// <summary>What connection IDs of a service are like goes by its id, too.</summary>
    public static QuicRouting QuicOf(uint id) => new((int)id % 7, ((int[])[1, 2, 15, 1, 3, 7, 8, 2])[id]);

    /// <summary>A server ID of few that there may be.</summary>
    public ServerIdKey RandomServerId()
    {
        // Backends are of one of these.
        uint service = (uint)Random.Next(4);
        QuicRouting quic = QuicOf(service);
        byte[] bytes = new byte[Once(8) ? Random.Next(1, ServerId.MostBytes + 1) : quic.ServerIdLength];
        bytes[0] = (byte)Random.Next(3);
        bytes[^1] += (byte)Random.Next(2);
        return new ServerIdKey(service, Once(8) ? Random.Next(7) : quic.ConfigId, new ServerId(bytes));
    }

    private RelayFlags OlderWay(bool v4) => Pick(
        v4 ? [RelayFlags.OlderNat, RelayFlags.OlderIpip, RelayFlags.OlderL2, RelayFlags.OlderGue]
            : (RelayFlags[])[RelayFlags.OlderNat, RelayFlags.OlderL2, RelayFlags.OlderGue]);

    public Slot RandomSlot(bool v4) => Random.Next(8) switch
    {
        0 => new Slot(0),
        1 => new Slot(0, RandomIndex(v4)),
        2 or 3 => new Slot(RandomIndex(v4), RandomIndex(v4)),
        4 => new Slot(RandomIndex(v4), RandomIndex(v4), windowOver: true),
        _ => new Slot(RandomIndex(v4)),
    };

    private uint RandomIndex(bool v4) => ((uint)Random.Next((int)Backends / 2) * 2) + (v4 ? 2u : 1u);
}
