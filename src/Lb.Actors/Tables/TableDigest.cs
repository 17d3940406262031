using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>
/// The fingerprint of a generation: the same on every node that assigns the same slots to the same backends, however
/// they number or name them. What is moved does not count: it is each node's past.
/// </summary>
public static class TableDigest
{
    private const int IdentityBytes = 20;

    /// <summary>The first 128 bits of SHA-256, in hexadecimal digits.</summary>
    /// <param name="slots">The table.</param>
    /// <param name="backends">Backends by the ids of the slots.</param>
    public static string Of(ReadOnlySpan<Slot> slots, IReadOnlyDictionary<uint, Endpoint> backends)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int[] ranks = Rank(slots, backends, hash);
        if (Array.TrueForAll(ranks, rank => rank == 0))
        {
            // Nobody takes new flows: whether slots are kept for older ones is each node's past too.
            return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent(slots.Length * sizeof(int));
        Span<byte> assignment = rented.AsSpan(0, slots.Length * sizeof(int));
        Span<int> numbers = MemoryMarshal.Cast<byte, int>(assignment);
        for (int i = 0; i < slots.Length; i++)
        {
            uint current = slots[i].Current;
            int rank = current < ranks.Length ? ranks[current] : 0;
            numbers[i] = BitConverter.IsLittleEndian ? rank : BinaryPrimitives.ReverseEndianness(rank);
        }

        hash.AppendData(assignment);
        ArrayPool<byte>.Shared.Return(rented);
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }

    /// <summary>Numbers the backends that have a slot in the order of their identities, and hashes those.</summary>
    private static int[] Rank(
        ReadOnlySpan<Slot> slots, IReadOnlyDictionary<uint, Endpoint> backends, IncrementalHash hash)
    {
        HashSet<uint> used = [];
        foreach (Slot slot in slots)
        {
            used.Add(slot.Current);
        }

        int[] ranks = new int[backends.Count == 0 ? 1 : backends.Keys.Max() + 1];
        Span<byte> identity = stackalloc byte[IdentityBytes];
        int rank = 0;
        foreach ((uint id, Endpoint backend) in backends
            .Where(backend => used.Contains(backend.Key))
            .OrderBy(backend => IdentityHash.Tail(backend.Value))
            .ThenBy(backend => IdentityHash.Address(backend.Value)))
        {
            ranks[id] = ++rank;
            BinaryPrimitives.WriteUInt32BigEndian(identity, IdentityHash.Tail(backend));
            BinaryPrimitives.WriteUInt128BigEndian(identity[4..], IdentityHash.Address(backend));
            hash.AppendData(identity);
        }

        return ranks;
    }
}
