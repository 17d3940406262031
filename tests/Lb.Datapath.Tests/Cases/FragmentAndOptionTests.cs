using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>Fragments whose beginning is not known, IP options and extension headers: refused for a VIP, nobody's business otherwise.</summary>
public class FragmentAndOptionTests(Testbed bed) : DatapathTest(bed)
{
    /// <summary>Of all but the first one.</summary>
    public static TheoryData<int> FragmentFields { get; } = [0x2001, 0x0001, 0x0003, 0x1fff, 0x3fff];

    public static TheoryData<int> RefusedExtensions { get; } = [0, 43, 51, 60];

    [RootTheory, MemberData(nameof(FragmentFields))]
    public void Ip4_fragment_to_a_vip_is_dropped(int field)
    {
        Scene scene = Tcp(Delivery.Nat4);
        scene.Send(Fragment(scene.Packet(), field), e => e.Dropped(Verdict.DropFragment));
    }

    [RootTheory, MemberData(nameof(FragmentFields))]
    public void Ip4_fragment_to_another_address_is_not_ours(int field)
    {
        Scene scene = Tcp(Delivery.Nat4);
        scene.Send(Fragment(scene.Packet().Towards(Roles.Stranger4), field), e => e.NotOurs());
    }

    [RootTheory, MemberData(nameof(FragmentFields))]
    public void Ip4_fragment_from_a_nat_backend_is_not_ours(int field)
    {
        Scene scene = Udp(Delivery.Nat4).Replying();
        scene.Send(Fragment(scene.Reply(1), field), e => e.NotOurs());
    }

    [RootFact]
    public void Dont_fragment_and_the_reserved_bit_make_no_fragment()
    {
        Scene scene = Tcp(Delivery.Nat4);
        scene.Send(Fragment(scene.Packet(), 0), e => e.Forwarded(to: 1))
            .Send(Fragment(scene.Packet(), 0x4000), e => e.Forwarded(to: 1))
            .Send(Fragment(scene.Packet(), 0x8000), e => e.Forwarded(to: 1));
    }

    [RootFact]
    public void Ip4_fragment_of_a_ping_to_a_vip_is_dropped()
    {
        Scene scene = Tcp(Delivery.Nat4);
        Packet ping = Packet.Icmp(Roles.Client4.Address, Roles.Vip4.Address, IcmpType.EchoRequest4).Payload(56);
        scene.Send(Fragment(ping, Ip4Header.MoreFragments), e => e.Dropped(Verdict.DropFragment));
    }

    [RootTheory, InlineData(4), InlineData(40)]
    public void Ip4_options_to_a_vip_are_dropped(int length)
    {
        Scene scene = Tcp(Delivery.Nat4);
        scene.Send(Options(scene.Packet(), length), e => e.Dropped(Verdict.DropIpOptions));
    }

    [RootTheory, InlineData(4), InlineData(40)]
    public void Ip4_options_to_another_address_are_not_ours(int length)
    {
        Scene scene = Tcp(Delivery.Nat4);
        scene.Send(Options(scene.Packet().Towards(Roles.Stranger4), length), e => e.NotOurs());
    }

    [RootFact]
    public void Ip4_options_from_a_nat_backend_are_not_ours()
    {
        Scene scene = Tcp(Delivery.Nat4).Replying();
        scene.Send(Options(scene.Reply(1), 4), e => e.NotOurs());
    }

    [RootFact]
    public void Ip4_options_come_before_fragments()
    {
        Scene scene = Tcp(Delivery.Nat4);
        Packet sent = Fragment(Options(scene.Packet(), 4), Ip4Header.MoreFragments);
        scene.Send(sent, e => e.Dropped(Verdict.DropIpOptions));
    }

    [RootTheory, MemberData(nameof(RefusedExtensions))]
    public void Ip6_extension_header_to_a_vip_is_dropped(int type)
    {
        Scene scene = Tcp(Delivery.Nat6);
        scene.Send(Extension(scene.Packet(), type), e => e.Dropped(Verdict.DropIpOptions));
    }

    [RootTheory, MemberData(nameof(RefusedExtensions))]
    public void Ip6_extension_header_to_another_address_is_not_ours(int type)
    {
        Scene scene = Tcp(Delivery.Nat6).Replying();
        scene.Send(Extension(scene.Packet().Towards(Roles.Stranger6), type), e => e.NotOurs())
            .Send(Extension(scene.Reply(1), type), e => e.NotOurs());
    }

    [RootFact]
    public void Ip6_fragment_to_a_vip_is_dropped()
    {
        Scene scene = Udp(Delivery.Nat6);
        scene.Send(Later(scene.Packet()), e => e.Dropped(Verdict.DropFragment));
    }

    [RootFact]
    public void Ip6_fragment_to_another_address_is_not_ours()
    {
        Scene scene = Udp(Delivery.Nat6).Replying();
        scene.Send(Later(scene.Packet().Towards(Roles.Stranger6)), e => e.NotOurs())
            .Send(Later(scene.Reply(1)), e => e.NotOurs());
    }

    private static Packet Later(Packet packet) => packet.Ip6(ip => ip with { Extension = (44, [0, 0, 8, 0, 0, 0, 1]) });

    private static Packet Fragment(Packet packet, int field) =>
        packet.Ip4(ip => ip with { Fragment = (ushort)field });

    private static Packet Options(Packet packet, int length) =>
        packet.Ip4(ip => ip with { Options = [.. Enumerable.Repeat((byte)1, length)] });

    private static Packet Extension(Packet packet, int type) =>
        packet.Ip6(ip => ip with { Extension = ((byte)type, [0, 0, 0, 0, 0, 0, 0]) });
}
