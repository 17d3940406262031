using System.Buffers.Binary;
using System.Net;

namespace Lb.Datapath.Tests.Model;

/// <summary>A received frame with the offsets and fields of its IP header.</summary>
internal sealed class Frame
{
    public const int L3 = 14;

    private readonly int _extension;

    private Frame(byte[] bytes, bool v6, int extension = 0)
    {
        Bytes = bytes;
        V6 = v6;
        _extension = extension;
    }

    public byte[] Bytes { get; }

    public bool V6 { get; }

    /// <summary>First byte behind the fixed IP header.</summary>
    public int L4 => L3 + (V6 ? 40 : 20) + _extension;

    public byte Protocol => _extension > 0 ? Bytes[L4 - _extension] : Bytes[L3 + (V6 ? 6 : 9)];

    public byte Ttl => Bytes[L3 + (V6 ? 7 : 8)];

    public IPAddress Source => Address(Bytes, L3 + (V6 ? 8 : 12), V6);

    public IPAddress Destination => Address(Bytes, L3 + (V6 ? 24 : 16), V6);

    public ushort SourcePort => U16(Bytes, L4);

    public ushort DestinationPort => U16(Bytes, L4 + 2);

    /// <summary>Length of the IP packet by its own header.</summary>
    public int IpLength => V6 ? 40 + U16(Bytes, L3 + 4) : U16(Bytes, L3 + 2);

    /// <summary>Length of what the IP packet carries behind the fixed header.</summary>
    public int L4Length => IpLength - (L4 - L3);

    public int HeaderWords => V6 ? 10 : Bytes[L3] & 0x0f;

    /// <summary>More fragments follow, or this one is not the first (IPv4).</summary>
    public bool IsFragment => !V6 && (U16(Bytes, L3 + 6) & 0x3fff) != 0;

    /// <summary>Header and length field fit the frame.</summary>
    public bool LengthsHold =>
        HeaderWords >= 5 && IpLength >= HeaderWords * 4 && L3 + IpLength <= Bytes.Length;

    /// <summary>Reads the frame; null when it is not IP, or its fixed header is not there.</summary>
    public static Frame? Read(byte[] bytes)
    {
        if (bytes.Length < L3)
        {
            return null;
        }

        return U16(bytes, 12) switch
        {
            0x0800 when bytes.Length >= L3 + 20 && bytes[L3] >> 4 == 4 => new Frame(bytes, v6: false),
            0x86dd when bytes.Length >= L3 + 40 && bytes[L3] >> 4 == 6 => new Frame(bytes, v6: true),
            _ => null,
        };
    }

    /// <summary>The same with an extension header of so many bytes taken for a part of the IPv6 header.</summary>
    public Frame Behind(int extension) => new(Bytes, V6, extension);

    public static IPAddress Address(byte[] bytes, int offset, bool v6) =>
        new(bytes.AsSpan(offset, v6 ? 16 : 4));

    public static ushort U16(byte[] bytes, int offset) =>
        BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(offset));

    public static void U16(byte[] bytes, int offset, int value) =>
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(offset), (ushort)value);
}
