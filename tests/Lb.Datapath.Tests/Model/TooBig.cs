using System.Net;
using Lb.Datapath.Tests.Packets;

namespace Lb.Datapath.Tests.Model;

/// <summary>What the sender of a packet that does not fit is told.</summary>
internal static class TooBig
{
    private const byte FragmentationNeeded = 4;
    private const byte Control = 0xc0;
    private const int LeastMtu4 = 68;
    private const int LeastMtu6 = 1280;

    /// <summary>The frame that answers, for packets of at most so many bytes; null when nobody is told.</summary>
    public static byte[]? Answer(World world, Frame frame, int room)
    {
        bool useful = room >= (frame.V6 ? LeastMtu6 : LeastMtu4);
        bool ofTheWire = frame.IpLength <= world.IngressMtu;
        if (!useful || !ofTheWire || IsLater(frame) || !HasOneSender(frame))
        {
            return null;
        }

        Packet answer = frame.V6
            ? Packet.Icmp(frame.Destination, frame.Source, IcmpType.TooBig6, 0, (uint)room)
            : Packet.Icmp(frame.Destination, frame.Source, IcmpType.Unreachable4, FragmentationNeeded, (uint)room)
                .Ip4(ip => ip with { Id = 0 });
        return answer.Tos(Control)
            .Payload(frame.Bytes.AsSpan(Frame.L3, Quoted(frame)).ToArray())
            .Macs(MacAt(frame, 0), MacAt(frame, Mac.Length))
            .ToBytes();
    }

    /// <summary>As much of the packet as the least datagram that every host takes has room for.</summary>
    private static int Quoted(Frame frame)
    {
        int most = frame.V6 ? LeastMtu6 - 48 : 576 - 28;
        return frame.IpLength >= most ? most : 28;
    }

    private static bool IsLater(Frame frame) => !frame.V6 && (Frame.U16(frame.Bytes, Frame.L3 + 6) & 0x1fff) != 0;

    /// <summary>It came from a single host, to this one alone.</summary>
    public static bool HasOneSender(Frame frame)
    {
        byte[] source = frame.Source.GetAddressBytes();
        bool single = frame.V6
            ? source[0] != 0xff && !frame.Source.Equals(IPAddress.IPv6Any)
            : source[0] is not (0 or 127 or >= 224);
        return single && (frame.Bytes[0] & 1) == 0;
    }

    /// <summary>One of the frame's two addresses.</summary>
    public static Mac MacAt(Frame frame, int offset)
    {
        ulong value = 0;
        foreach (byte b in frame.Bytes.AsSpan(offset, Mac.Length))
        {
            value = (value << 8) | b;
        }

        return new Mac(value);
    }
}
