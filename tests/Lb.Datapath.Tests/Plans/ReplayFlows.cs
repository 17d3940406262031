using System.Net;
using System.Net.Sockets;
using Lb.Actors;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;

namespace Lb.Datapath.Tests.Plans;

/// <summary>Random flows of one service, sent again and again.</summary>
internal sealed class ReplayFlows
{
    private readonly Flow[] _flows;
    private readonly byte[][] _packets;

    public ReplayFlows(Random random, ServiceConfig service, int count)
    {
        Service = service;
        _flows = [.. Enumerable.Range(0, count).Select(_ => Random(random, service)).Distinct()];
        _packets = [.. _flows.Select(flow => Frame(flow, opens: false))];
    }

    public ServiceConfig Service { get; }

    public int Count => _flows.Length;

    /// <summary>Backends that a packet of each flow in progress goes to.</summary>
    public IPAddress?[] SendEach(ReplaySite site) => [.. _packets.Select(site.Send)];

    /// <summary>For each flow where a new flow of its slot would go.</summary>
    public IPAddress?[] NewFlows(ReplaySite site)
    {
        IPAddress?[] slots = site.NewFlows(Service.Vip);
        return [.. _flows.Select(flow => slots[FlowHash.Slot(flow, Service.Seed, (uint)slots.Length)])];
    }

    /// <summary>New TCP flows of the service go where the kernel's table says.</summary>
    public static void CheckSyns(Random random, ReplaySite site, ServiceConfig service, int count)
    {
        var fresh = new ReplayFlows(random, service, count);
        IPAddress?[] expected = fresh.NewFlows(site);
        IPAddress?[] sent = [.. fresh._flows.Select(flow => site.Send(Frame(flow, opens: true)))];
        site.Forget(fresh._flows);
        Xunit.Assert.Equal(expected, sent);
    }

    private static byte[] Frame(Flow flow, bool opens)
    {
        var from = new IPEndPoint(flow.Source, flow.SourcePort);
        var to = new IPEndPoint(flow.Vip, flow.VipPort);
        Packet packet = flow.Protocol == TransportProtocol.Udp ? Packet.Udp(from, to)
            : opens ? Packet.Syn(from, to)
            : Packet.Tcp(from, to);
        return packet.ToBytes();
    }

    private static Flow Random(Random random, ServiceConfig service)
    {
        bool isV4 = service.Vip.Address.AddressFamily == AddressFamily.InterNetwork;
        byte[] source = (isV4 ? IPAddress.Parse("198.51.0.0") : IPAddress.Parse("2001:db8:c::")).GetAddressBytes();
        random.NextBytes(source.AsSpan(isV4 ? 2 : 8));
        return new Flow(
            new IPAddress(source),
            (ushort)random.Next(1024, 65536),
            service.Vip.Address,
            service.Vip.Port,
            service.Vip.Protocol);
    }
}
