using System.Net;
using System.Net.Sockets;
using Lb.Kernel;

namespace Lb.Datapath.Tests.Model;

/// <summary>Fragments of full-nat: the first is treated as a whole packet is, the others get its ends and its number.</summary>
internal sealed class FullPieces(World world, Tally tally, FullNat full, Forwarding forwarding, Replies replies)
{
    /// <summary>A client's first fragment; null when it is not for full-nat.</summary>
    public Outcome? Open(Frame piece, ServiceEntry service, FragmentId id) => full.Forward(piece, service, id);

    /// <summary>A client's later fragment, of a datagram that is known.</summary>
    public Outcome Follow(Frame piece, FragmentState known)
    {
        if (full.Refusal(piece, known.Backend) is { } refusal)
        {
            tally.Count(refusal, piece.Bytes.Length);
            tally.Service(known.Service, t => t with { Dropped = t.Dropped.Plus(piece.Bytes.Length) });
            return new Outcome(XdpAction.Drop, piece.Bytes);
        }

        world.Followed++;
        tally.Service(known.Service, t => Forwarding.Forwarded(t, piece, PacketKind.Segment));
        tally.Backend(known.Backend, t => Forwarding.Forwarded(t, piece, PacketKind.Segment));
        return forwarding.Send(piece, world.Backends[known.Backend], Readdress(piece, known.Becomes!.Value));
    }

    /// <summary>A fragment for no VIP; null when it is none of a reply of full-nat.</summary>
    public Outcome? Return(Frame piece, FragmentId id, bool first)
    {
        AddressFamily family = piece.V6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        if (!world.HasSources(family))
        {
            return null;
        }

        if (first)
        {
            return (TransportProtocol)piece.Protocol == TransportProtocol.Sctp ? null : full.Reply(piece, id);
        }

        if (!world.Fragments.TryGetValue(id, out FragmentState known) || known.Way != ForwardingMode.FullNat)
        {
            return null;
        }

        if (piece.Ttl <= 1)
        {
            tally.Count(Verdict.DropTtl, piece.Bytes.Length);
            tally.Service(known.Service, t => t with { Dropped = t.Dropped.Plus(piece.Bytes.Length) });
            return new Outcome(XdpAction.Drop, piece.Bytes);
        }

        world.Returned++;
        return replies.Send(piece, Readdress(piece, known.Becomes!.Value), known.Service, known.Backend);
    }

    /// <summary>Remembers what a first fragment's datagram becomes, and gives it its number.</summary>
    public static byte[] Begin(World world, Frame piece, FragmentId id, FullState entry, byte[] bytes)
    {
        IPAddress source = entry.Becomes.Source, destination = entry.Becomes.Vip;
        uint number = world.TakeId(source, destination);
        FragmentId becomes = new(source, destination, piece.V6 ? number : number & 0xffff, id.Protocol);
        world.Fragments[id] = new(entry.Backend, entry.Service, 0, 0, ForwardingMode.FullNat, piece.Protocol, becomes);
        return Translation.Renumber(piece, bytes, becomes.Id);
    }

    private static byte[] Readdress(Frame piece, FragmentId becomes) => Translation.Renumber(
        piece, Translation.Readdress(piece, becomes.Source, becomes.Destination), becomes.Id);
}
