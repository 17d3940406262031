using Lb.Kernel.Interop;

namespace Lb.Kernel.Relays;

/// <summary>How far the bytes of a connection are a header of the PROXY protocol.</summary>
internal enum ProxyReading : byte
{
    /// <summary>A whole one.</summary>
    Whole,

    /// <summary>One so far; more bytes are needed.</summary>
    Short,

    /// <summary>None: the connection begins with something else.</summary>
    Missing,

    /// <summary>One that is damaged, too long, or of a version that is not accepted.</summary>
    Wrong,

    /// <summary>Its checksum is wrong.</summary>
    WrongChecksum,
}

/// <summary>
/// What a header of the PROXY protocol says
/// (<see href="https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt">its specification</see>).
/// </summary>
internal readonly struct ProxyHeader
{
    private readonly byte[]? _tlvs;

    /// <summary>
    /// Says nothing: the addresses are those of the connection itself. So of a connection that a proxy makes for itself
    /// (<c>LOCAL</c>), one that it knows nothing of (<c>UNKNOWN</c>), and one of another protocol or family.
    /// </summary>
    public static ProxyHeader Silent => default;

    /// <summary>It names addresses.</summary>
    public bool HasAddresses { get; init; }

    /// <summary>The client.</summary>
    public SocketAddress Source { get; init; }

    /// <summary>What the client connected to.</summary>
    public SocketAddress Destination { get; init; }

    /// <summary>Its TLVs, as they came; those of a header without addresses are not kept.</summary>
    public byte[] Tlvs
    {
        get => _tlvs ?? [];
        init => _tlvs = value;
    }

    /// <summary>Reads a header from the first bytes of a connection or datagram.</summary>
    /// <param name="bytes">What there is so far.</param>
    /// <param name="accepted">Versions that are right.</param>
    /// <param name="carrier">What carries the header: one of another protocol names no addresses.</param>
    /// <param name="header">The header, where it is whole.</param>
    /// <param name="length">Bytes that it takes.</param>
    public static ProxyReading Read(
        ReadOnlySpan<byte> bytes,
        ProxyAccept accepted,
        TransportProtocol carrier,
        out ProxyHeader header,
        out int length)
    {
        header = Silent;
        length = 0;
        if (BeginsWith(bytes, ProxyV2.Signature))
        {
            return accepted == ProxyAccept.V1 && bytes.Length >= ProxyV2.Signature.Length ? ProxyReading.Wrong
                : ProxyV2.Read(bytes, carrier, out header, out length);
        }

        if (BeginsWith(bytes, ProxyV1.Signature))
        {
            return accepted == ProxyAccept.V2 && bytes.Length >= ProxyV1.Signature.Length ? ProxyReading.Wrong
                : ProxyV1.Read(bytes, carrier, out header, out length);
        }

        return ProxyReading.Missing;
    }

    private static bool BeginsWith(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> signature)
    {
        int length = Math.Min(bytes.Length, signature.Length);
        return bytes[..length].SequenceEqual(signature[..length]);
    }
}
