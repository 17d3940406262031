using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Numerics;

namespace Lb.Netns.Tests.Sctp;

/// <summary>Types of chunks (RFC 9260).</summary>
internal enum ChunkType : byte
{
    Data = 0,
    Init = 1,
    InitAck = 2,
    Sack = 3,
    Heartbeat = 4,
    HeartbeatAck = 5,
    Abort = 6,
    Shutdown = 7,
    ShutdownAck = 8,
    CookieEcho = 10,
    CookieAck = 11,
    ShutdownComplete = 14,
}

/// <summary>A chunk: its type, its flags, and what is behind its header.</summary>
internal sealed record Chunk(ChunkType Type, byte[] Body, byte Flags = 0)
{
    public uint Word(int at) => BinaryPrimitives.ReadUInt32BigEndian(Body.AsSpan(at));
}

/// <summary>A packet of SCTP: ports, verification tag, chunks.</summary>
internal sealed record SctpPacket(int From, int To, uint Tag, ImmutableArray<Chunk> Chunks)
{
    private const int Header = 12;
    private const int ChunkHeader = 4;
    private const int ChecksumAt = 8;

    /// <summary>Reads a packet; null for one that is cut or whose checksum is wrong.</summary>
    public static SctpPacket? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Header + ChunkHeader
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumAt..]) != Checksum(bytes))
        {
            return null;
        }

        ImmutableArray<Chunk>.Builder chunks = ImmutableArray.CreateBuilder<Chunk>();
        for (ReadOnlySpan<byte> rest = bytes[Header..]; rest.Length >= ChunkHeader;)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            if (length < ChunkHeader || length > rest.Length)
            {
                return null;
            }

            chunks.Add(new Chunk((ChunkType)rest[0], rest[ChunkHeader..length].ToArray(), rest[1]));
            rest = rest[Math.Min(Padded(length), rest.Length)..];
        }

        return new SctpPacket(
            BinaryPrimitives.ReadUInt16BigEndian(bytes),
            BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]),
            chunks.ToImmutable());
    }

    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Header + Chunks.Sum(chunk => Padded(ChunkHeader + chunk.Body.Length))];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)From);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)To);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), Tag);
        int at = Header;
        foreach (Chunk chunk in Chunks)
        {
            bytes[at] = (byte)chunk.Type;
            bytes[at + 1] = chunk.Flags;
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at + 2), (ushort)(ChunkHeader + chunk.Body.Length));
            chunk.Body.CopyTo(bytes, at + ChunkHeader);
            at += Padded(ChunkHeader + chunk.Body.Length);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(ChecksumAt), Checksum(bytes));
        return bytes;
    }

    /// <summary>Numbers in the order of the network.</summary>
    public static byte[] Words(params ReadOnlySpan<uint> words)
    {
        byte[] bytes = new byte[words.Length * sizeof(uint)];
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(i * sizeof(uint)), words[i]);
        }

        return bytes;
    }

    private static int Padded(int length) => (length + 3) & ~3;

    /// <summary>CRC32c of a packet, whose own field counts as zero.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        for (int i = 0; i < bytes.Length; i++)
        {
            crc = BitOperations.Crc32C(crc, i is >= ChecksumAt and < Header ? (byte)0 : bytes[i]);
        }

        return ~crc;
    }
}
