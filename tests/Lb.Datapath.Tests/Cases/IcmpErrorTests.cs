using System.Net;
using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>Errors that a router on the way to the client sends about what a backend sent from the VIP.</summary>
public class IcmpErrorTests(Testbed bed) : DatapathTest(bed)
{
    [RootTheory, MemberData(nameof(Ways))]
    public void Error_goes_to_the_backend_of_its_flow(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol).Slot(current: 2);
        foreach (byte type in ErrorTypes(way))
        {
            Packet error = Error(scene, type);
            scene.Send(error, e => Routed(e, scene, error, backend: 2));
        }
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Error_that_quotes_the_least_is_routed(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol);
        int least = (way.HasV6Vip() ? 40 : 20) + 8;
        Packet error = Error(scene, keep: least).Pad(3);
        scene.Send(error, e => Routed(e, scene, error, backend: 1));
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Error_that_quotes_less_is_unknown(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol);
        int least = (way.HasV6Vip() ? 40 : 20) + 8;
        for (int keep = 0; keep < least; keep++)
        {
            scene.Send(Error(scene, keep: keep), e => e.Dropped(Verdict.DropIcmpUnknown))
                .Send(Error(scene, keep: keep).Pad(64), e => e.Dropped(Verdict.DropIcmpUnknown));
        }
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Error_about_a_tracked_flow_goes_where_the_flow_goes(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol).Slot(current: 2, previous: 1).Tracked(3);
        Packet error = Error(scene);
        scene.Send(error, e => Routed(e, scene, error, backend: 3));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Error_about_a_pending_flow_goes_to_its_backend_and_promotes_nothing(Delivery way)
    {
        Scene scene = Tcp(way).Slot(current: 2, previous: 1).Pending(3);
        Packet error = Error(scene);
        scene.Send(error, e => Routed(e, scene, error, backend: 3));
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Error_about_an_unknown_flow_goes_to_previous_and_leaves_no_state(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol).Slot(current: 2, previous: 1);
        Packet error = Error(scene);
        scene.Send(error, e => Routed(e, scene, error, backend: 1));
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Error_about_an_unknown_flow_goes_to_current_when_previous_is_not_alive(
        Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol).Slot(current: 2, previous: 1).Dead(1);
        Packet error = Error(scene);
        scene.Send(error, e => Routed(e, scene, error, backend: 2));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Error_about_an_unknown_udp_flow_goes_to_current_after_the_window(Delivery way)
    {
        Scene scene = Udp(way).Slot(current: 2, previous: 1, windowOver: true);
        Packet error = Error(scene);
        scene.Send(error, e => Routed(e, scene, error, backend: 2));
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Error_leaves_no_state_for_a_fully_tracked_service(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol, Tracking.Full).Slot(current: 2);
        Packet error = Error(scene);
        scene.Send(error, e => Routed(e, scene, error, backend: 2));
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Error_about_no_service_is_unknown(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol);
        Packet otherPort = Quoted(scene).ComingFrom(new IPEndPoint(way.Vip().Address, 81));
        Packet otherAddress = Quoted(scene).ComingFrom(way.Stranger());
        scene.Send(Error(scene, about: otherPort), e => e.Dropped(Verdict.DropIcmpUnknown))
            .Send(Error(scene, about: otherAddress), e => e.Dropped(Verdict.DropIcmpUnknown));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Error_about_another_protocol_is_unknown(Delivery way)
    {
        Scene scene = Tcp(way);
        Packet quoted = Packet.Of(47, way.Vip().Address, way.Client().Address).Payload(40);
        scene.Send(Error(scene, about: quoted), e => e.Dropped(Verdict.DropIcmpUnknown));
    }

    [RootFact]
    public void Error_about_ip4_options_or_a_later_fragment_is_unknown()
    {
        Scene scene = Tcp(Delivery.Nat4);
        Packet options = Quoted(scene).Ip4(ip => ip with { Options = [1, 1, 1, 1] });
        Packet later = Quoted(scene).Ip4(ip => ip with { Fragment = 0x0010 });
        Packet version = Quoted(scene).Ip4(ip => ip with { Version = 5 });
        scene.Send(Error(scene, about: options), e => e.Dropped(Verdict.DropIcmpUnknown))
            .Send(Error(scene, about: later), e => e.Dropped(Verdict.DropIcmpUnknown))
            .Send(Error(scene, about: version), e => e.Dropped(Verdict.DropIcmpUnknown));
    }

    [RootFact]
    public void Error_about_an_ip4_first_fragment_is_routed()
    {
        Scene scene = Udp(Delivery.Nat4);
        Packet first = Quoted(scene).Ip4(ip => ip with { Fragment = Ip4Header.MoreFragments });
        Packet error = Error(scene, about: first);
        scene.Send(error, e => Routed(e, scene, error, backend: 1, about: first));
    }

    [RootFact]
    public void Error_about_ip6_extension_headers_is_unknown()
    {
        Scene scene = Tcp(Delivery.Nat6);
        Packet extension = Quoted(scene).Ip6(ip => ip with { Extension = (0, [0, 1, 4, 0, 0, 0, 0]) });
        scene.Send(Error(scene, about: extension), e => e.Dropped(Verdict.DropIcmpUnknown));
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Refusals_of_a_service_hold_for_errors(Delivery way, TransportProtocol protocol)
    {
        Scene none = Of(way, protocol).Slot(current: 0);
        none.Send(Error(none), e => e.DroppedOfService(Verdict.DropNoBackend));
        Scene noHop = Of(way, protocol).Backend(1, b => b with { NextHop = null });
        noHop.Send(Error(noHop), e => e.DroppedOfService(Verdict.DropNoNextHop));
        Scene small = Of(way, protocol).NextHop(1, hop => hop with { Mtu = 60 });
        small.Send(Error(small), e => e.DroppedOfService(Verdict.DropTooBig));
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Nat_drops_an_error_whose_ttl_is_used_up(Delivery way)
    {
        Scene scene = Tcp(way);
        scene.Send(Error(scene).Ttl(1), e => e.DroppedOfService(Verdict.DropTtl));
    }

    internal static byte[] ErrorTypes(Delivery way) => way.HasV6Vip()
        ? [IcmpType.Unreachable6, IcmpType.TooBig6, IcmpType.TimeExceeded6, IcmpType.ParameterProblem6]
        : [IcmpType.Unreachable4, IcmpType.TimeExceeded4, IcmpType.ParameterProblem4];

    /// <summary>What the client was sent from the VIP, and the router could not deliver.</summary>
    private static Packet Quoted(Scene scene)
    {
        IPEndPoint vip = scene.Delivery.Vip();
        IPEndPoint client = scene.Delivery.Client();
        return Packet.Of(scene.Protocol, vip, client).Payload(11).Ttl(1);
    }

    internal static Packet Error(Scene scene, byte? type = null, Packet? about = null, int keep = int.MaxValue) =>
        Packet.Icmp(
            scene.Delivery.Router(),
            scene.Delivery.Vip().Address,
            type ?? ErrorTypes(scene.Delivery)[0],
            code: 4,
            rest: 1400)
        .Payload([.. (about ?? Quoted(scene)).ToLayer3().Take(keep)]);

    private static void Routed(Expectation e, Scene scene, Packet error, uint backend, Packet? about = null)
    {
        byte[] delivered = scene.Delivered(error, backend).ToBytes();
        if (scene.Delivery.IsNat())
        {
            IPEndPoint at = scene.Delivery.Backend(backend);
            Packet own = about ?? Quoted(scene);
            Packet quoted = own.TransportChecksum(Checksums.OfTransport(own)).ComingFrom(at);
            Packet rewritten = error.Towards(at).Hop().Macs(Roles.NodeMac, Roles.BackendMac(backend));
            delivered = rewritten.Payload([.. quoted.ToLayer3().Take(error.Body.Length)]).ToBytes();
        }

        e.Forwarded(backend, delivered).Leaves(XdpAction.Redirect, delivered, Verdict.IcmpError);
    }
}
