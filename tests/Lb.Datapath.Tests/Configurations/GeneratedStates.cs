using System.Net;
using System.Net.NetworkInformation;
using Lb.Actors;
using Lb.Kernel;
using Lb.Kernel.Layout;

namespace Lb.Datapath.Tests.Configurations;

/// <summary>Random kernel states, as sites of all kinds of services ask for, each the successor of the one before.</summary>
internal sealed class GeneratedStates(Random random)
{
    public const int MostServices = 24;
    public const int MostBackends = 12;
    private static readonly int[] s_openBits = [0, 0, 1, 8, 16];
    private static readonly int[] s_slots = [0, 7, 31, 101];
    private static readonly ForwardingMode[] s_modes = Enum.GetValues<ForwardingMode>();

    private readonly SortedDictionary<int, Part> _parts = [];

    /// <summary>The next one: a site that is quite another, or in which a service or two are.</summary>
    public KernelState Next()
    {
        if (random.Next(8) == 0)
        {
            _parts.Clear();
        }

        for (int changes = random.Next(1, _parts.Count == 0 ? MostServices : 4); changes > 0; changes--)
        {
            int number = random.Next(MostServices);
            if (random.Next(4) == 0)
            {
                _parts.Remove(number);
            }
            else
            {
                _parts[number] = NewPart(number, _parts.GetValueOrDefault(number));
            }
        }

        return new KernelState(
            _parts.Values.ToDictionary(part => part.Vip, part => part.Service),
            _parts.Values.SelectMany(part => part.Backends).ToDictionary(),
            _parts.Values.Where(part => part.Slots.Length > 0).ToDictionary(part => part.Service.Table, part => part.Slots),
            _parts.Values.SelectMany(part => part.Nat).ToDictionary(),
            Enumerable.Range(0, random.Next(5)).Select(i => new IPNetwork(Address(200 + i, v6: i % 2 == 0), i % 2 == 0 ? 128 : 32)).ToHashSet())
        {
            LogSample = 100,
            ServerIds = _parts.Values.SelectMany(part => part.ServerIds).ToDictionary(),
            Sources = Enumerable.Range(0, random.Next(4))
                .Select(i => new FullNatSource(Address(400 + i, v6: i % 2 == 0), 20_000, (ushort)random.Next(20_000, 65_536)))
                .ToHashSet(),
        };
    }

    private Part NewPart(int number, Part? before)
    {
        bool v6 = number % 2 == 0;
        Endpoint vip = Vip(number, v6);
        ForwardingMode mode = before is null || random.Next(4) == 0 ? s_modes[random.Next(s_modes.Length)] : before.Service.Mode;
        int slots = before is null || random.Next(4) == 0 ? s_slots[random.Next(s_slots.Length)] : before.Slots.Length;
        Dictionary<uint, BackendEntry> backends = [];
        Dictionary<Endpoint, NatEntry> nat = [];
        for (int i = 0; i < random.Next(MostBackends + 1); i++)
        {
            uint index = (uint)((number * MostBackends) + i + 1);
            var socket = new Endpoint(Address(1000 + (int)index, v6), 8080, vip.Protocol);
            backends.Add(index, new BackendEntry((uint)number, socket.Address, socket.Port, random.Next(4) != 0, Hop(v6))
            {
                TunnelPort = (ushort)(mode == ForwardingMode.DsrGue ? 6080 : 0),
            });
            if (mode == ForwardingMode.Nat)
            {
                nat.Add(socket, new NatEntry(vip.Address, vip.Port, (uint)number, index));
            }
        }

        slots = backends.Count == 0 ? 0 : slots;
        QuicRouting? quic = random.Next(2) == 0 ? new QuicRouting(random.Next(7), 2) : null;
        return new Part(
            vip,
            new ServiceEntry((uint)number, (uint)number, (uint)slots, (uint)random.Next(), mode, Enum.GetValues<Tracking>()[random.Next(3)])
            {
                Logging = Enum.GetValues<FlowLogging>()[random.Next(3)],
                Quic = quic,
            },
            backends,
            [.. Enumerable.Range(0, slots).Select(_ => new Slot(Any(), random.Next(3) == 0 ? Any() : 0, random.Next(5) == 0))],
            nat,
            quic is { } routing && backends.Count > 0
                ? Enumerable.Range(0, 4).ToDictionary(i => new ServerIdKey((uint)number, routing.ConfigId, new ServerId([7, (byte)i])), _ => Any())
                : []);

        uint Any() => backends.Keys.ElementAt(random.Next(backends.Count));
    }

    /// <summary>Half of the services have a prefix and a range of ports, another one each time.</summary>
    private Endpoint Vip(int number, bool v6)
    {
        TransportProtocol protocol = number % 3 == 0 ? TransportProtocol.Udp : TransportProtocol.Tcp;
        if (number % 4 < 2)
        {
            return new Endpoint(Address(number, v6), (ushort)(number % 3 == 0 ? 53 : 443), protocol);
        }

        int length = (v6 ? 128 : 32) - s_openBits[random.Next(s_openBits.Length)];
        int first = 1000 + number;
        return Endpoint.Of(
            PrefixMask.Network(Address(number, v6), length), (ushort)first, (ushort)(first + 1 + random.Next(3000)), protocol);
    }

    private NextHop? Hop(bool v6) => random.Next(8) == 0 ? null : new NextHop(
        random.Next(1, 3),
        PhysicalAddress.Parse("02-00-00-00-00-01"),
        PhysicalAddress.Parse("02-00-00-00-00-02"),
        Address(300, v6),
        random.Next(1280, 9001));

    private static IPAddress Address(int number, bool v6) =>
        IPAddress.Parse(v6 ? $"2001:db8::{number:x}" : $"10.1.{number >> 8}.{number & 255}");

    private sealed record Part(
        Endpoint Vip,
        ServiceEntry Service,
        Dictionary<uint, BackendEntry> Backends,
        Slot[] Slots,
        Dictionary<Endpoint, NatEntry> Nat,
        Dictionary<ServerIdKey, uint> ServerIds);
}
