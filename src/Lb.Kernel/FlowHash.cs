using System.Buffers.Binary;
using System.Net.Sockets;
using Lb.Kernel.Layout;

namespace Lb.Kernel;

/// <summary>The flow hash, as the programs compute it (<c>bpf/lib/hash.h</c>).</summary>
public static class FlowHash
{
    private const ulong Factor = 0x9e37_79b9_7f4a_7c15;

    /// <summary>Hash of a flow of a service with a seed; the same on every node of a site.</summary>
    public static uint Of(Flow flow, uint seed)
    {
        ulong hash = flow.Vip.AddressFamily == AddressFamily.InterNetwork
            ? AbsorbIPv4(flow)
            : AbsorbIPv6(flow);

        // The ports as they lie in the header, read as one little-endian number.
        uint ports = BinaryPrimitives.ReverseEndianness(flow.SourcePort)
            | ((uint)BinaryPrimitives.ReverseEndianness(flow.VipPort) << 16);
        return (uint)(Absorb(hash, ports | ((ulong)(seed ^ (byte)flow.Protocol) << 32)) >> 32);
    }

    /// <summary>Slot of a hash in a table of that many slots.</summary>
    public static uint Slot(uint hash, uint slots) => (uint)(((ulong)hash * slots) >> 32);

    /// <summary>Slot of a flow in a table of that many slots.</summary>
    public static uint Slot(Flow flow, uint seed, uint slots) => Slot(Of(flow, seed), slots);

    private static ulong AbsorbIPv4(Flow flow)
    {
        Span<byte> addresses = stackalloc byte[8];
        flow.Source.TryWriteBytes(addresses, out _);
        flow.Vip.TryWriteBytes(addresses[4..], out _);
        return Absorb(0, BinaryPrimitives.ReadUInt64LittleEndian(addresses));
    }

    private static ulong AbsorbIPv6(Flow flow)
    {
        Span<byte> addresses = stackalloc byte[2 * Address16.Size];
        flow.Source.TryWriteBytes(addresses, out _);
        flow.Vip.TryWriteBytes(addresses[Address16.Size..], out _);
        ulong hash = 0;
        for (int at = 0; at < addresses.Length; at += sizeof(ulong))
        {
            hash = Absorb(hash, BinaryPrimitives.ReadUInt64LittleEndian(addresses[at..]));
        }

        return hash;
    }

    private static ulong Absorb(ulong hash, ulong word)
    {
        hash = (hash ^ word) * Factor;
        return hash ^ (hash >> 32);
    }
}
