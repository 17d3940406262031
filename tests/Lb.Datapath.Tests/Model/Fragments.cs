using System.Net;
using Lb.Kernel;

namespace Lb.Datapath.Tests.Model;

/// <summary>A datagram of which fragments come. Over IPv6 the protocol says nothing.</summary>
internal readonly record struct FragmentId(IPAddress Source, IPAddress Destination, uint Id, byte Protocol);

/// <summary>What its first fragment was found to be; a reply of nat has no way, and a port. With full-nat it becomes another.</summary>
internal readonly record struct FragmentState(
    uint Backend, uint Service, uint Hash, ushort Port, ForwardingMode Way, byte Protocol, FragmentId? Becomes = null);

/// <summary>Fragments: the first goes as a whole packet does, the others follow it.</summary>
internal sealed class Fragments(World world, Tally tally, Forwarding forwarding, Replies replies, FullPieces full)
{
    private const byte Tcp = 6;
    private const byte Udp = 17;
    private const byte Sctp = 132;
    private const int ExtensionLength = 8;

    /// <summary>Whether it is one: of IPv4 without options, or with the header right behind that of IPv6.</summary>
    public static bool Is(Frame frame) =>
        frame.V6 ? frame.Protocol == 44 : frame.IsFragment && frame.HeaderWords == 5;

    /// <summary>A fragment, of anybody to anybody.</summary>
    public Outcome Take(Frame frame)
    {
        bool vip = world.IsVip(frame.Destination);
        if (!frame.LengthsHold)
        {
            return vip ? Drop(frame, Verdict.DropMalformed) : new Outcome(XdpAction.Pass, frame.Bytes);
        }

        if (!IsPiece(frame))
        {
            return vip ? Drop(frame, Verdict.DropFragment) : new Outcome(XdpAction.Pass, frame.Bytes);
        }

        Frame piece = frame.V6 ? frame.Behind(ExtensionLength) : frame;
        return vip ? ToVip(piece)
            : full.Return(piece, IdOf(frame), Offset(frame) == 0)
            ?? replies.Piece(piece, IdOf(frame), Offset(frame) == 0)
            ?? new Outcome(XdpAction.Pass, frame.Bytes);
    }

    private Outcome ToVip(Frame piece)
    {
        FragmentId id = IdOf(piece);
        if (Offset(piece) == 0)
        {
            return Open(piece, id);
        }

        if (!world.Fragments.TryGetValue(id, out FragmentState known) || known.Way == default)
        {
            return Drop(piece, Verdict.DropFragment);
        }

        return known.Way == ForwardingMode.FullNat ? full.Follow(piece, known)
            : known.Way == ForwardingMode.Tproxy
            ? forwarding.RelayPiece(piece, known.Service, opens: false)
            : forwarding.Piece(piece, known, first: false, opens: false).Outcome;
    }

    private Outcome Open(Frame piece, FragmentId id)
    {
        var protocol = (TransportProtocol)piece.Protocol;
        Endpoint to = new(piece.Destination, piece.DestinationPort, protocol);
        if (!world.TryGetService(to, out ServiceEntry? service)
            || (protocol == TransportProtocol.Sctp && service.Relay.HasFlag(RelayFlags.FullNat))
            || (protocol == TransportProtocol.Tcp && (service.Relay & ~(RelayFlags.Tc | RelayFlags.FullNat)) != RelayFlags.None))
        {
            return Drop(piece, Verdict.DropFragment);
        }

        if (full.Open(piece, service, id) is { } outcome)
        {
            return outcome;
        }

        PacketKind kind = Forwarding.KindOf(piece);
        if (service.Mode == ForwardingMode.Tproxy)
        {
            world.Fragments[id] = new FragmentState(0, service.Id, 0, 0, ForwardingMode.Tproxy, piece.Protocol);
            return forwarding.RelayPiece(piece, service.Id, kind == PacketKind.Syn);
        }

        Flow flow = new(piece.Source, piece.SourcePort, piece.Destination, piece.DestinationPort, protocol);
        FragmentState state = new(
            ConnectionIds.Named(world, piece, service) is var named and not 0 ? named : forwarding.Select(service, flow, kind),
            service.Id,
            FlowHashModel.Of(flow, service),
            0,
            service.Mode,
            piece.Protocol);
        (Outcome forwarded, bool sent) = forwarding.Piece(piece, state, first: true, opens: kind == PacketKind.Syn);
        if (sent)
        {
            world.Fragments[id] = state;
        }

        return forwarded;
    }

    private static bool IsPiece(Frame frame)
    {
        int before = frame.V6 ? ExtensionLength : 0;
        int size = frame.L4Length - before;
        if (size < 0 || (frame.V6 && frame.L4Length < ExtensionLength))
        {
            return false;
        }

        byte protocol = frame.V6 ? frame.Bytes[frame.L4] : frame.Protocol;
        int offset = Offset(frame);
        return protocol switch
        {
            Tcp => offset == 0 ? size >= 20 : size > 0 && offset >= 3,
            Udp => offset == 0 ? size >= 8 : size > 0,
            Sctp => offset == 0 ? size >= 16 : size > 0 && offset >= 2,
            _ => false,
        };
    }

    private static int Offset(Frame frame) => frame.V6
        ? Frame.U16(frame.Bytes, Frame.L3 + 42) >> 3
        : Frame.U16(frame.Bytes, Frame.L3 + 6) & 0x1fff;

    private static FragmentId IdOf(Frame frame) => frame.V6
        ? new(frame.Source, frame.Destination, ((uint)Frame.U16(frame.Bytes, Frame.L3 + 44) << 16) | Frame.U16(frame.Bytes, Frame.L3 + 46), 0)
        : new(frame.Source, frame.Destination, Frame.U16(frame.Bytes, Frame.L3 + 4), frame.Protocol);

    private Outcome Drop(Frame frame, Verdict verdict)
    {
        tally.Count(verdict, frame.Bytes.Length);
        return new Outcome(XdpAction.Drop, frame.Bytes);
    }
}
