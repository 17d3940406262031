using System.Buffers.Binary;
using System.Net.Sockets;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>
/// The hash that seeds a backend's permutation. It is part of what nodes must agree on: a change moves flows.
/// </summary>
internal static class IdentityHash
{
    /// <summary>Family, protocol and port as one number.</summary>
    public static uint Tail(Endpoint identity) =>
        (identity.Address.AddressFamily == AddressFamily.InterNetwork ? 4u : 6u) << 24
        | (uint)identity.Protocol << 16
        | identity.Port;

    /// <summary>The address as a number.</summary>
    public static UInt128 Address(Endpoint identity)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        identity.Address.TryWriteBytes(bytes, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>Two independent values.</summary>
    public static (ulong First, ulong Second) Of(uint tail, UInt128 address)
    {
        ulong state = Mix(tail);
        state = Mix(state ^ (ulong)(address >> 64));
        state = Mix(state ^ (ulong)address);
        return (state, Mix(state));
    }

    /// <summary>A step of the SplitMix64 generator.</summary>
    private static ulong Mix(ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        state = (state ^ state >> 30) * 0xBF58476D1CE4E5B9;
        state = (state ^ state >> 27) * 0x94D049BB133111EB;
        return state ^ state >> 31;
    }
}
