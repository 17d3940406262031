using System.Buffers.Binary;
using System.Numerics;

namespace Lb.Kernel.Relays;

/// <summary>A type and its value, as version 2 of the PROXY protocol has them behind the addresses.</summary>
internal readonly ref struct ProxyTlv
{
    public const byte Alpn = 0x01; // PP2_TYPE_ALPN
    public const byte Authority = 0x02; // PP2_TYPE_AUTHORITY
    public const byte Checksum = 0x03; // PP2_TYPE_CRC32C
    public const byte Padding = 0x04; // PP2_TYPE_NOOP
    public const byte UniqueId = 0x05; // PP2_TYPE_UNIQUE_ID
    public const byte Ssl = 0x20; // PP2_TYPE_SSL

    /// <summary>Type and length.</summary>
    public const int HeadSize = 3;

    /// <summary>Bytes of a checksum with its head.</summary>
    public const int ChecksumSize = HeadSize + sizeof(uint);

    private ProxyTlv(byte type, ReadOnlySpan<byte> whole)
    {
        Type = type;
        Whole = whole;
    }

    public byte Type { get; }

    /// <summary>With its head.</summary>
    public ReadOnlySpan<byte> Whole { get; }

    public ReadOnlySpan<byte> Value => Whole[HeadSize..];

    /// <summary>Takes the first of some TLVs.</summary>
    /// <returns>False at their end, and where one is longer than what is left.</returns>
    public static bool Take(ref ReadOnlySpan<byte> rest, out ProxyTlv taken)
    {
        taken = default;
        if (rest.Length < HeadSize)
        {
            return false;
        }

        int size = HeadSize + BinaryPrimitives.ReadUInt16BigEndian(rest[1..]);
        if (rest.Length < size)
        {
            return false;
        }

        taken = new ProxyTlv(rest[0], rest[..size]);
        rest = rest[size..];
        return true;
    }

    /// <summary>Writes one.</summary>
    /// <returns>Bytes that were written.</returns>
    public static int Write(Span<byte> into, byte type, ReadOnlySpan<byte> value)
    {
        into[0] = type;
        BinaryPrimitives.WriteUInt16BigEndian(into[1..], (ushort)value.Length);
        value.CopyTo(into[HeadSize..]);
        return HeadSize + value.Length;
    }

    /// <summary>Whether TLVs fill their place, and the header's checksum, if it has one, is right.</summary>
    /// <param name="header">The whole header.</param>
    /// <param name="tlvs">The part of it that is TLVs.</param>
    public static ProxyReading Check(ReadOnlySpan<byte> header, ReadOnlySpan<byte> tlvs)
    {
        ReadOnlySpan<byte> rest = tlvs;
        ProxyReading state = ProxyReading.Whole;
        while (Take(ref rest, out ProxyTlv tlv))
        {
            if (tlv.Type != Checksum)
            {
                continue;
            }

            if (tlv.Value.Length != sizeof(uint))
            {
                return ProxyReading.Wrong;
            }

            int at = header.Length - rest.Length - sizeof(uint);
            if (Crc32C(header, at) != BinaryPrimitives.ReadUInt32BigEndian(tlv.Value))
            {
                state = ProxyReading.WrongChecksum;
            }
        }

        return rest.IsEmpty ? state : ProxyReading.Wrong;
    }

    /// <summary>Writes the checksum of a header into its last bytes, which are kept for it.</summary>
    public static void AppendChecksum(Span<byte> header)
    {
        int at = header.Length - sizeof(uint);
        header[^ChecksumSize] = Checksum;
        BinaryPrimitives.WriteUInt16BigEndian(header[(header.Length - ChecksumSize + 1)..], sizeof(uint));
        BinaryPrimitives.WriteUInt32BigEndian(header[at..], Crc32C(header, at));
    }

    /// <summary>CRC32c (RFC 9260, appendix A) of a header, its checksum counted as zeros.</summary>
    /// <param name="header">The header.</param>
    /// <param name="checksumAt">Where its checksum stands.</param>
    private static uint Crc32C(ReadOnlySpan<byte> header, int checksumAt)
    {
        uint crc = uint.MaxValue;
        for (int i = 0; i < header.Length; i++)
        {
            bool zero = i >= checksumAt && i < checksumAt + sizeof(uint);
            crc = BitOperations.Crc32C(crc, zero ? (byte)0 : header[i]);
        }

        return ~crc;
    }
}
