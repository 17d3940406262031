using System.Buffers.Binary;
using System.Diagnostics;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Relays;

/// <summary>Version 2 of the PROXY protocol: binary, for streams and datagrams, with TLVs.</summary>
internal static class ProxyV2
{
    /// <summary>The longest header that is read.</summary>
    public const int MostBytes = 16 * 1024;

    private const int FixedSize = 16;
    private const int LengthAt = 14;
    private const int Version = 0x20;
    private const int Local = Version | 0;
    private const int Proxy = Version | 1;
    private const int FamilyInet = 0x10;
    private const int FamilyInet6 = 0x20;
    private const int FamilyUnix = 0x30;
    private const int Stream = 1;
    private const int Datagram = 2;
    private const int InetSize = 12;
    private const int Inet6Size = 36;
    private const int UnixSize = 216;

    /// <summary>How a header begins.</summary>
    public static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>The header of a connection that a proxy makes for itself.</summary>
    public static ReadOnlySpan<byte> LocalHeader => "\r\n\r\n\0\r\nQUIT\n\x20\0\0\0"u8;

    /// <summary>Reads a header from bytes that begin with the signature, as far as there are any.</summary>
    public static ProxyReading Read(
        ReadOnlySpan<byte> bytes, TransportProtocol carrier, out ProxyHeader header, out int length)
    {
        header = ProxyHeader.Silent;
        length = 0;
        if (bytes.Length < FixedSize)
        {
            return ProxyReading.Short;
        }

        int command = bytes[12];
        (int family, int transport) = (bytes[13] & 0xf0, bytes[13] & 0x0f);
        int size = FixedSize + BinaryPrimitives.ReadUInt16BigEndian(bytes[LengthAt..]);
        if (command is not (Local or Proxy) || family > FamilyUnix || transport > Datagram || size > MostBytes)
        {
            return ProxyReading.Wrong;
        }

        if (bytes.Length < size)
        {
            return ProxyReading.Short;
        }

        length = size;
        int addresses = family switch { FamilyInet => InetSize, FamilyInet6 => Inet6Size, FamilyUnix => UnixSize, _ => 0 };
        if (command == Local || addresses == 0)
        {
            // All that follows is to be ignored.
            return ProxyReading.Whole;
        }

        if (size < FixedSize + addresses)
        {
            return ProxyReading.Wrong;
        }

        ReadOnlySpan<byte> whole = bytes[..size];
        ReadOnlySpan<byte> tlvs = whole[(FixedSize + addresses)..];
        ProxyReading state = ProxyTlv.Check(whole, tlvs);
        bool fits = transport == (carrier == TransportProtocol.Udp ? Datagram : Stream);
        if (state == ProxyReading.Whole && fits && family != FamilyUnix)
        {
            int width = family == FamilyInet ? 4 : 16;
            ReadOnlySpan<byte> block = whole[FixedSize..];
            header = new ProxyHeader
            {
                HasAddresses = true,
                Source = new SocketAddress(block[..width], BinaryPrimitives.ReadUInt16BigEndian(block[(2 * width)..])),
                Destination = new SocketAddress(
                    block.Slice(width, width), BinaryPrimitives.ReadUInt16BigEndian(block[((2 * width) + 2)..])),
                Tlvs = tlvs.ToArray(),
            };
        }

        return state;
    }

    /// <summary>Writes a header.</summary>
    /// <param name="into">Where to; <see cref="MostWritten"/> bytes are enough.</param>
    /// <param name="source">The client.</param>
    /// <param name="destination">What it connected to.</param>
    /// <param name="carrier">What carries the header.</param>
    /// <param name="tlvs">TLVs to send.</param>
    /// <param name="checksum">A checksum is added.</param>
    /// <returns>Bytes that were written.</returns>
    public static int Write(
        Span<byte> into,
        SocketAddress source,
        SocketAddress destination,
        TransportProtocol carrier,
        ReadOnlySpan<byte> tlvs,
        bool checksum)
    {
        bool six = source.Family != LibC.FamilyInet || destination.Family != LibC.FamilyInet;
        int width = six ? 16 : 4;
        Signature.CopyTo(into);
        into[12] = Proxy;
        into[13] = (byte)((six ? FamilyInet6 : FamilyInet) | (carrier == TransportProtocol.Udp ? Datagram : Stream));
        Span<byte> block = into[FixedSize..];
        WriteAddress(block, source, six);
        WriteAddress(block[width..], destination, six);
        BinaryPrimitives.WriteUInt16BigEndian(block[(2 * width)..], source.Port);
        BinaryPrimitives.WriteUInt16BigEndian(block[((2 * width) + 2)..], destination.Port);
        int size = FixedSize + (2 * width) + 4;
        tlvs.CopyTo(into[size..]);
        size += tlvs.Length;
        int total = size + (checksum ? ProxyTlv.ChecksumSize : 0);
        Debug.Assert(total <= MostWritten, "TLVs are those that were read, and a few short ones.");
        BinaryPrimitives.WriteUInt16BigEndian(into[LengthAt..], (ushort)(total - FixedSize));
        if (checksum)
        {
            ProxyTlv.AppendChecksum(into[..total]);
        }

        return total;
    }

    /// <summary>Room for what is written: all that can be read, and TLVs of our own.</summary>
    public const int MostWritten = MostBytes + 2048;

    private static void WriteAddress(Span<byte> into, SocketAddress address, bool six)
    {
        if (six && address.Family == LibC.FamilyInet)
        {
            SocketAddress.MappedPrefix.CopyTo(into);
            into = into[SocketAddress.MappedPrefix.Length..];
        }

        address.Address.CopyTo(into);
    }
}
