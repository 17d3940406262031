namespace Lb.Datapath.Tests.Packets;

/// <summary>The Internet checksum (RFC 1071), always over whole data, never incremental.</summary>
internal static class Checksum
{
    /// <summary>Sum of big-endian 16-bit words, an odd last byte padded with zero; not folded.</summary>
    public static ulong Sum(ReadOnlySpan<byte> data)
    {
        ulong sum = 0;
        for (int i = 0; i + 1 < data.Length; i += 2)
        {
            sum += (uint)((data[i] << 8) | data[i + 1]);
        }

        if (data.Length % 2 == 1)
        {
            sum += (uint)(data[^1] << 8);
        }

        return sum;
    }

    /// <summary>The complement of the folded sum: what goes into the header.</summary>
    public static ushort Finish(ulong sum)
    {
        while (sum > 0xffff)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (ushort)~sum;
    }

    /// <summary>Sum of the pseudo header of RFC 9293 and RFC 8200.</summary>
    public static ulong Pseudo(ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination, byte protocol, int length) =>
        Sum(source) + Sum(destination) + protocol + (ulong)(length >> 16) + (ulong)(length & 0xffff);
}
