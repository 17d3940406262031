using System.Net;
using System.Net.Sockets;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;

namespace Lb.Datapath.Tests.Model;

/// <summary>Packets from nat backends to clients.</summary>
internal sealed class Replies(World world, Tally tally)
{
    /// <summary>A TCP segment or UDP datagram; null when it is no backend's.</summary>
    public Outcome? Transport(Frame frame)
    {
        Endpoint from = new(frame.Source, frame.SourcePort, (TransportProtocol)frame.Protocol);
        return Entry(frame, from) is { } nat && !IsOfRelay(frame, nat)
            ? Refuse(frame, nat) ?? Send(frame, nat, () => Mss.Lower(Translation.ToClient(frame, nat), frame, MssOf(frame, nat)))
            : null;
    }

    /// <summary>A fragment; null when it is no backend's.</summary>
    public Outcome? Piece(Frame piece, FragmentId id, bool first)
    {
        FragmentState state = new(0, 0, 0, piece.L4Length >= 2 ? piece.SourcePort : (ushort)0, default, piece.Protocol);
        if (!first)
        {
            bool known = world.Fragments.TryGetValue(id, out FragmentState remembered);
            if (!known || remembered.Way != default)
            {
                return null;
            }

            state = remembered;
        }

        Endpoint from = new(piece.Source, state.Port, (TransportProtocol)state.Protocol);
        bool tcp = state.Protocol == (byte)TransportProtocol.Tcp;
        if (Entry(piece, from) is not { } nat
            || nat.Flags.HasFlag(NatFlags.RelaysOnly)
            || (nat.Flags.HasFlag(NatFlags.Sockets) && tcp))
        {
            return null;
        }

        if (first && Refuse(piece, nat) is { } told)
        {
            return told;
        }

        if (first && !world.IsDirect(piece.Destination) && piece.Ttl > 1)
        {
            world.Fragments[id] = state with { Backend = nat.Backend, Service = nat.Service };
        }

        return Send(piece, nat, () => first ? Translation.ToClient(piece, nat) : Translation.Readdress(piece, source: true, nat.Vip));
    }

    private bool IsOfRelay(Frame frame, NatEntry nat) => nat.Flags.HasFlag(NatFlags.RelaysOnly)
        || (nat.Flags.HasFlag(NatFlags.Sockets)
            && (TransportProtocol)frame.Protocol == TransportProtocol.Tcp
            && world.Sockets.Contains((
                new IPEndPoint(frame.Destination, frame.DestinationPort), new IPEndPoint(frame.Source, frame.SourcePort))));

    /// <summary>What a backend's packet becomes; null when it is no backend's.</summary>
    public NatEntry? Entry(Frame frame, Endpoint backend)
    {
        AddressFamily family = frame.V6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        return world.HasNat(family) ? world.ReplyOf(backend) : null;
    }

    /// <summary>The MSS that a backend's SYN may say; 0 for any, and for packets that say none.</summary>
    private int MssOf(Frame frame, NatEntry nat) =>
        nat.Flags.HasFlag(NatFlags.Mss)
        && (TransportProtocol)frame.Protocol == TransportProtocol.Tcp
        && (frame.Bytes[frame.L4 + 13] & 0x02) != 0
        && world.Backends.TryGetValue(nat.Backend, out BackendEntry? backend)
            ? backend.Mss
            : 0;

    /// <summary>Tells a backend that its reply is too long for the way to the client; null when the host sees to it.</summary>
    private Outcome? Refuse(Frame frame, NatEntry nat) =>
        world.IsDirect(frame.Destination) ? null : Refuse(frame, frame.Destination, nat.Service);

    /// <summary>The same of a reply that goes to this client.</summary>
    public Outcome? Refuse(Frame frame, IPAddress client, uint service)
    {
        Route route = world.Routes(client);
        bool fragments = !frame.V6 && (frame.Bytes[Frame.L3 + 6] & 0x40) == 0;
        if (frame.Ttl <= 1 || route.Kind == RouteKind.None
            || frame.IpLength <= route.Mtu || fragments || frame.IpLength > world.IngressMtu)
        {
            return null;
        }

        byte[]? answer = TooBig.Answer(world, frame, route.Mtu);
        tally.Count(answer is null ? Verdict.DropTooBig : Verdict.IcmpTooBig, frame.Bytes.Length);
        tally.Service(service, t => t with { Dropped = t.Dropped.Plus(frame.Bytes.Length) });
        return answer is null ? new Outcome(XdpAction.Drop, frame.Bytes) : new Outcome(XdpAction.Transmit, answer);
    }

    /// <summary>Lets the host route the rewritten packet, or does it for the host.</summary>
    public Outcome Send(Frame frame, NatEntry nat, Func<byte[]> rewrite)
    {
        int length = frame.Bytes.Length;
        if (world.IsDirect(frame.Destination))
        {
            tally.Count(Verdict.PassDirect, length);
            return new Outcome(XdpAction.Pass, frame.Bytes);
        }

        if (frame.Ttl <= 1)
        {
            tally.Count(Verdict.DropTtl, length);
            tally.Service(nat.Service, t => t with { Dropped = t.Dropped.Plus(length) });
            return new Outcome(XdpAction.Drop, frame.Bytes);
        }

        return Send(frame, rewrite(), nat.Service, nat.Backend);
    }

    /// <summary>The host routes what a backend's packet has become, or it is done for the host.</summary>
    public Outcome Send(Frame frame, byte[] bytes, uint service, uint backend)
    {
        int length = frame.Bytes.Length;
        tally.Service(service, t => t with { Replied = t.Replied.Plus(length) });
        tally.Backend(backend, t => t with { Replied = t.Replied.Plus(length) });
        Route route = world.Routes(Frame.Read(bytes)!.Destination);
        if (frame.IpLength > route.Mtu)
        {
            route = Route.None;
        }

        tally.Count(route.Kind == RouteKind.None ? Verdict.PassNoRoute : Verdict.Reply, length);
        if (route.Kind != RouteKind.Known)
        {
            return new Outcome(XdpAction.Pass, bytes);
        }

        route.Destination.ToBytes().CopyTo(bytes, 0);
        route.Source.ToBytes().CopyTo(bytes, Mac.Length);
        return new Outcome(route.Interface == world.Ingress ? XdpAction.Transmit : XdpAction.Redirect, bytes);
    }
}
