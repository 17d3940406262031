using System.Net;
using Lb.Datapath.Tests.Model;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Xunit;

namespace Lb.Datapath.Tests.Lab;

/// <summary>
/// One service with three living backends behind a table of a single slot, so that every flow meets the slot that
/// the test sets up.
/// </summary>
internal sealed class Scene
{
    /// <summary>Another port than the usual one, so that the backend's entry is seen to be used.</summary>
    private const ushort GuePort = 9886;

    public const uint ServiceId = 3;
    public const uint OtherServiceId = 4;
    public const uint TableIndex = 2;
    public const uint Seed = 0x5eed;
    public const int Mtu = 1500;

    private readonly Testbed _bed;

    public Scene(
        Testbed bed,
        Delivery delivery,
        TransportProtocol protocol = TransportProtocol.Tcp,
        Tracking tracking = Tracking.Minimal)
    {
        _bed = bed;
        Delivery = delivery;
        Protocol = protocol;
        Service = new ServiceEntry(ServiceId, TableIndex, 1, Seed, delivery.Mode(), tracking);
        Vip = new Endpoint(delivery.Vip().Address, (ushort)delivery.Vip().Port, protocol);
        World.Ingress = bed.Ingress;
        World.Routes = bed.RouteTo;
        World.Services[Vip] = Service;
        World.Tables[TableIndex] = [new Slot(1)];
        for (uint i = 1; i <= 3; i++)
        {
            SetBackend(i, alive: true);
        }
    }

    public World World { get; } = new();

    public Delivery Delivery { get; }

    public TransportProtocol Protocol { get; }

    public Endpoint Vip { get; }

    public ServiceEntry Service { get; private set; }

    /// <summary>The flow of the client that the packets below belong to.</summary>
    public Flow Flow => FlowOf(Delivery.Client());

    public Flow FlowOf(IPEndPoint client) =>
        new(client.Address, (ushort)client.Port, Vip.Address, Vip.Port, Protocol);

    public Scene With(Func<ServiceEntry, ServiceEntry> change)
    {
        Service = change(Service);
        World.Services[Vip] = Service;
        return this;
    }

    public Scene Slot(uint current, uint previous = 0, bool windowOver = false)
    {
        World.Tables[TableIndex] = [new Slot(current, previous, windowOver)];
        return this;
    }

    /// <summary>There are other nodes.</summary>
    public Scene Shared()
    {
        World.IsShared = true;
        return this;
    }

    public Scene Dead(uint backend)
    {
        SetBackend(backend, alive: false);
        return this;
    }

    public void AddBackend(uint index) => SetBackend(index, alive: true);

    public Scene Backend(uint index, Func<BackendEntry, BackendEntry> change)
    {
        World.Backends[index] = change(World.Backends[index]);
        return this;
    }

    public Scene NextHop(uint index, Func<NextHop, NextHop> change) =>
        Backend(index, b => b with { NextHop = change(b.NextHop!) });

    public Scene Tracked(uint backend, uint service = ServiceId)
    {
        World.Flows[Flow] = new FlowState(backend, service, 0);
        return this;
    }

    public Scene Pending(uint backend, uint service = ServiceId)
    {
        World.Pending[Flow] = new FlowState(backend, service, 0);
        return this;
    }

    /// <summary>Clients keep their backend when the table changes; this one does already with a backend.</summary>
    public Scene Sticky(uint? backend = null, bool isOver = false)
    {
        With(s => s with
        {
            AffinityPrefix = s.AffinityPrefix ?? (Delivery.HasV6Vip() ? 64 : 24),
            AffinityTicks = ClientTables.Timeout,
        });
        if (backend is { } kept)
        {
            World.Clients[Clients.IdOf(Service, Flow)] = new ClientState(kept, isOver);
        }

        return this;
    }

    public Scene BudgetSpent()
    {
        World.Budget = 0;
        return this;
    }

    /// <summary>Lets time pass, which alone gives the program its budget back.</summary>
    public Scene NextTick(uint budget)
    {
        Ticks.AwaitNext();
        World.Budget = budget;
        _bed.Kernel.BudgetIsNow(budget);
        return this;
    }

    /// <summary>Gives every backend its reply side.</summary>
    public Scene Replying(NatFlags flags = NatFlags.None)
    {
        foreach ((uint index, BackendEntry backend) in World.Backends)
        {
            World.Nat[new Endpoint(backend.Address, backend.Port, Protocol)] =
                new NatEntry(Vip.Address, Vip.Port, ServiceId, index) { Flags = flags };
        }

        return this;
    }

    /// <summary>Packets come in by the backends' interface.</summary>
    public Scene FromBackends()
    {
        World.Ingress = _bed.BackendInterface;
        return this;
    }

    /// <summary>A packet of the flow: an ACK segment, a datagram, or data of an association.</summary>
    public Packet Packet() => Packets.Packet.Of(Protocol, Delivery.Client(), Delivery.Vip()).Payload(11);

    /// <summary>The first packet of the flow: a SYN, or an INIT.</summary>
    public Packet Syn() => Protocol == TransportProtocol.Sctp
        ? Packets.Packet.Sctp(Delivery.Client(), Delivery.Vip(), SctpChunk.Init).Payload(16)
        : Packets.Packet.Syn(Delivery.Client(), Delivery.Vip());

    /// <summary>A backend's answer as it arrives at the node.</summary>
    public Packet Reply(uint backend, IPEndPoint? client = null)
    {
        IPEndPoint from = Delivery.Backend(backend);
        IPEndPoint to = client ?? Delivery.Client();
        return Packets.Packet.Of(Protocol, from, to).Payload(11);
    }

    /// <summary>What the backend receives of a packet.</summary>
    public Packet Delivered(Packet packet, uint backend, Flow? flow = null)
    {
        Packet sent = Delivery.Mode() switch
        {
            ForwardingMode.Nat => packet.Towards(Delivery.Backend(backend)).Hop(),
            ForwardingMode.DsrL2 => packet,
            _ => Encapsulated(packet, backend, FlowHashModel.Of(flow ?? Flow, Service)),
        };
        return sent.Macs(Roles.NodeMac, Roles.BackendMac(backend)) with { Padding = packet.Padding };
    }

    /// <summary>Sends a packet through the program and the model, and checks both against what is expected.</summary>
    public Scene Send(Packet packet, Action<Expectation> expect)
    {
        var expectation = new Expectation(this, packet);
        expect(expectation);
        _bed.Check(World, packet.ToBytes(), expectation);
        return this;
    }

    /// <summary>Sends a packet that has no room in front of it, which the model knows nothing of.</summary>
    public void SendWithoutHeadroom(Packet packet, Verdict expected) => _bed.Run(() =>
    {
        _bed.Kernel.Apply(World);
        Tally before = _bed.Counters();
        TestRun run = _bed.Kernel.RunWithoutHeadroom(packet.ToBytes(), World.Ingress);
        Assert.Equal(XdpAction.Drop, run.Action);
        var expectation = new Expectation(this, packet).DroppedOfService(expected);
        Assert.Equal(expectation.Counters.ToString(), _bed.Counters().Since(before).ToString());
    });

    /// <summary>What of an action can be told at the hook that the packets are sent to.</summary>
    public XdpAction Seen(XdpAction action) => _bed.Kernel.Seen(action);

    /// <summary>Sends a packet so many times at once and says what became of each.</summary>
    public IReadOnlyList<XdpAction> SendMany(Packet packet, int times)
    {
        List<XdpAction> actions = [];
        _bed.Run(() =>
        {
            _bed.Kernel.Apply(World);
            byte[] bytes = packet.ToBytes();
            actions.AddRange(Enumerable.Range(0, times).Select(_ => _bed.Kernel.Run(bytes, World.Ingress).Action));
        });
        return actions;
    }

    private void SetBackend(uint index, bool alive)
    {
        IPEndPoint at = Delivery.Backend(index);
        var hop = new NextHop(
            _bed.BackendInterface,
            Roles.NodeMac.ToPhysicalAddress(),
            Roles.BackendMac(index).ToPhysicalAddress(),
            Delivery.Node(),
            Mtu);
        World.Backends[index] = new BackendEntry(ServiceId, at.Address, (ushort)at.Port, alive, hop)
        {
            TunnelPort = Delivery.Mode() == ForwardingMode.DsrGue ? GuePort : (ushort)0,
        };
    }

    private Packet Encapsulated(Packet packet, uint backend, uint hash)
    {
        byte tos = packet.Ip is Ip4Header v4 ? v4.Tos : ((Ip6Header)packet.Ip!).TrafficClass;
        IPAddress to = Delivery.Backend(backend).Address;
        Packet outer = Delivery.Mode() == ForwardingMode.DsrGue
            ? Packets.Packet.Gue(
                new IPEndPoint(Delivery.Node(), (int)(0xc000 | (hash & 0x3fff))), new IPEndPoint(to, GuePort), packet)
            : Packets.Packet.Tunnel(Delivery.Node(), to, packet);
        return Delivery.HasV6Backends()
            ? outer.Ip6(ip => ip with { TrafficClass = tos, FlowLabel = hash & 0xfffff })
            : outer.Ip4(ip => ip with { Tos = tos, Id = 0 });
    }
}
