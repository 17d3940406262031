using System.Buffers.Binary;
using System.Net;
using Lb.Kernel.Layout;

namespace Lb.Kernel;

/// <summary>The flow hash, as the programs compute it (<c>bpf/lib/hash.h</c>).</summary>
public static class FlowHash
{
    private const ulong Factor = 0x9e37_79b9_7f4a_7c15;

    /// <summary>Hash of a flow of a service with a seed; the same on every node of a site.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="prefix">With affinity, the bits of the source's address that count, and the ports do not.</param>
    public static uint Of(Flow flow, uint seed, int? prefix = null)
    {
        Span<byte> addresses = stackalloc byte[2 * Address16.Size];
        flow.Source.TryWriteBytes(addresses, out int length);
        flow.Vip.TryWriteBytes(addresses[length..], out _);
        if (prefix is { } bits)
        {
            Mask(addresses[..length], bits);
            return Of(addresses[..length], addresses.Slice(length, length), 0, 0, flow.Protocol, seed);
        }

        return Of(
            addresses[..length],
            addresses.Slice(length, length),
            flow.SourcePort,
            flow.VipPort,
            flow.Protocol,
            seed);
    }

    /// <summary>Hash of a flow, of its addresses' bytes; ports in host byte order.</summary>
    internal static uint Of(
        ReadOnlySpan<byte> source,
        ReadOnlySpan<byte> vip,
        ushort sourcePort,
        ushort vipPort,
        TransportProtocol protocol,
        uint seed)
    {
        ulong hash = source.Length == sizeof(uint)
            ? Absorb(0, Word(source) | ((ulong)Word(vip) << 32))
            : AbsorbIPv6(AbsorbIPv6(0, source), vip);

        // The ports as they lie in the header, read as one little-endian number.
        uint ports = BinaryPrimitives.ReverseEndianness(sourcePort)
            | ((uint)BinaryPrimitives.ReverseEndianness(vipPort) << 16);
        return (uint)(Absorb(hash, ports | ((ulong)(seed ^ (byte)protocol) << 32)) >> 32);
    }

    /// <summary>Slot of a hash in a table of that many slots.</summary>
    public static uint Slot(uint hash, uint slots) => (uint)(((ulong)hash * slots) >> 32);

    /// <summary>Slot of a flow in a table of that many slots.</summary>
    public static uint Slot(Flow flow, uint seed, uint slots) => Slot(Of(flow, seed), slots);

    /// <summary>An address of which so many bits from the front on are left.</summary>
    internal static IPAddress Mask(IPAddress address, int bits)
    {
        byte[] bytes = address.GetAddressBytes();
        Mask(bytes, bits);
        return new IPAddress(bytes);
    }

    private static void Mask(Span<byte> address, int bits)
    {
        for (int i = 0; i < address.Length; i++)
        {
            int left = Math.Clamp(bits - (8 * i), 0, 8);
            address[i] &= (byte)(0xff << (8 - left));
        }
    }

    private static uint Word(ReadOnlySpan<byte> address) => BinaryPrimitives.ReadUInt32LittleEndian(address);

    private static ulong AbsorbIPv6(ulong hash, ReadOnlySpan<byte> address) => Absorb(
        Absorb(hash, BinaryPrimitives.ReadUInt64LittleEndian(address)),
        BinaryPrimitives.ReadUInt64LittleEndian(address[sizeof(ulong)..]));

    private static ulong Absorb(ulong hash, ulong word)
    {
        hash = (hash ^ word) * Factor;
        return hash ^ (hash >> 32);
    }
}
