using Lb.Datapath.Tests.Packets;

namespace Lb.Datapath.Tests.Model;

/// <summary>What the client of a TCP segment is told that nobody is there for, by RFC 9293, section 3.10.7.1.</summary>
internal static class Resets
{
    private const int Fin = 0x01;
    private const int Syn = 0x02;
    private const int Rst = 0x04;
    private const int Ack = 0x10;
    private const int LeastHeader = 20;

    /// <summary>The frame that answers; null when nobody is told.</summary>
    public static byte[]? Answer(Frame frame)
    {
        int flags = frame.Bytes[frame.L4 + 13];
        int header = (frame.Bytes[frame.L4 + 12] >> 4) * 4;
        if ((flags & Rst) != 0 || header < LeastHeader || header > frame.L4Length || !TooBig.HasOneSender(frame))
        {
            return null;
        }

        int length = frame.L4Length - header + (flags & Fin) + ((flags & Syn) >> 1);
        bool isKnown = (flags & Ack) != 0;
        Packet answer = Packet.Tcp(
            new(frame.Destination, frame.DestinationPort),
            new(frame.Source, frame.SourcePort),
            isKnown ? TcpFlags.Rst : TcpFlags.Rst | TcpFlags.Ack);
        answer = answer.TcpHeader(tcp => tcp with
        {
            Sequence = isKnown ? U32(frame, 8) : 0,
            Acknowledgement = isKnown ? 0 : U32(frame, 4) + (uint)length,
            Window = 0,
        });
        return (frame.V6 ? answer : answer.Ip4(ip => ip with { Id = 0 }))
            .Macs(TooBig.MacAt(frame, 0), TooBig.MacAt(frame, Mac.Length))
            .ToBytes();
    }

    private static uint U32(Frame frame, int offset) =>
        ((uint)Frame.U16(frame.Bytes, frame.L4 + offset) << 16) | Frame.U16(frame.Bytes, frame.L4 + offset + 2);
}
