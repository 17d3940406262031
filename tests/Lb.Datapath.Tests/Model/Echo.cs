using Lb.Datapath.Tests.Packets;

namespace Lb.Datapath.Tests.Model;

/// <summary>Answers pings.</summary>
internal static class Echo
{
    private const byte Ttl = 64;

    /// <summary>The reply: both pairs of addresses swapped, a fresh TTL, the same data.</summary>
    public static byte[] Answer(Frame frame)
    {
        byte[] bytes = [.. frame.Bytes];
        frame.Bytes.AsSpan(0, Mac.Length).CopyTo(bytes.AsSpan(Mac.Length));
        frame.Bytes.AsSpan(Mac.Length, Mac.Length).CopyTo(bytes);
        int source = Frame.L3 + (frame.V6 ? 8 : 12);
        int size = frame.V6 ? 16 : 4;
        frame.Bytes.AsSpan(source, size).CopyTo(bytes.AsSpan(source + size));
        frame.Bytes.AsSpan(source + size, size).CopyTo(bytes.AsSpan(source));
        bytes[Frame.L3 + (frame.V6 ? 7 : 8)] = Ttl;
        bytes[frame.L4] = frame.V6 ? IcmpType.EchoReply6 : IcmpType.EchoReply4;
        if (!frame.V6)
        {
            Frame.U16(bytes, Frame.L3 + 10, Rewrite.Mend(frame.Bytes.AsSpan(Frame.L3, 20), bytes.AsSpan(Frame.L3, 20), 10));
        }

        ulong pseudo = frame.V6
            ? Rewrite.Addresses(frame.Source, frame.Destination) + (ulong)frame.L4Length + frame.Protocol
            : 0;
        ReadOnlySpan<byte> before = frame.Bytes.AsSpan(frame.L4, frame.L4Length);
        ReadOnlySpan<byte> after = bytes.AsSpan(frame.L4, frame.L4Length);
        Frame.U16(bytes, frame.L4 + 2, Rewrite.Mend(before, after, 2, pseudo, pseudo));
        return bytes;
    }
}
