using System.Buffers.Binary;

namespace Lb.Datapath.Tests.Packets;

/// <summary>Types of chunks that the tests name (RFC 9260).</summary>
internal static class SctpChunk
{
    public const byte Data = 0;
    public const byte Init = 1;
    public const byte Heartbeat = 4;
    public const byte Abort = 6;
    public const byte Shutdown = 7;
    public const byte ShutdownAck = 8;
    public const byte CookieEcho = 10;
    public const byte CookieAck = 11;
    public const byte ShutdownComplete = 14;
}

/// <summary>An SCTP header with that of its first chunk, which the payload is the rest of. Its checksum covers both.</summary>
internal sealed record SctpHeader(ushort SourcePort, ushort DestinationPort) : TransportHeader
{
    public const int Length = 16;
    private const int ChecksumAt = 8;
    private const uint Castagnoli = 0x82f63b78;

    public byte Chunk { get; init; } = SctpChunk.Data;

    public override byte Protocol => 132;

    protected override int ChecksumOffset => -1;

    protected override byte[] Header(int payloadLength)
    {
        byte[] bytes = new byte[Length];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), DestinationPort);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), Chunk == SctpChunk.Init ? 0 : 0x5c7b_0001u);
        bytes[12] = Chunk;
        bytes[13] = 3;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(14), (ushort)(4 + payloadLength));
        return bytes;
    }

    protected override void Finish(byte[] bytes) =>
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(ChecksumAt), Crc32C(bytes));

    private static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int i = 0; i < 8; i++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ Castagnoli;
            }
        }

        return ~crc;
    }
}
