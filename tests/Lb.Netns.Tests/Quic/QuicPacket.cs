using System.Text;

namespace Lb.Netns.Tests.Quic;

/// <summary>What no version of QUIC changes of a packet (RFC 8999), with text in place of all that is encrypted.</summary>
/// <param name="To">Destination connection ID.</param>
/// <param name="From">Source connection ID; null in a short header, which has none.</param>
/// <param name="Text">What it carries.</param>
internal sealed record QuicPacket(byte[] To, byte[]? From, string Text)
{
    private const byte LongHeader = 0x80;
    private const int LengthAt = 5;

    public byte[] ToBytes() => From is null
        ? [0x41, .. To, .. Encoding.ASCII.GetBytes(Text)]
        : [0xc3, 0, 0, 0, 1, (byte)To.Length, .. To, (byte)From.Length, .. From, .. Encoding.ASCII.GetBytes(Text)];

    /// <summary>Reads one; a short header does not say how long its ID is, whose owner knows.</summary>
    public static QuicPacket Read(ReadOnlySpan<byte> bytes, int own)
    {
        if ((bytes[0] & LongHeader) == 0)
        {
            return new QuicPacket(bytes[1..(1 + own)].ToArray(), null, Encoding.ASCII.GetString(bytes[(1 + own)..]));
        }

        ReadOnlySpan<byte> rest = bytes[LengthAt..];
        byte[] to = rest.Slice(1, rest[0]).ToArray();
        rest = rest[(1 + to.Length)..];
        byte[] from = rest.Slice(1, rest[0]).ToArray();
        return new QuicPacket(to, from, Encoding.ASCII.GetString(rest[(1 + from.Length)..]));
    }
}
