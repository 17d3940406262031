using System.Buffers.Binary;

namespace Lb.Datapath.Tests.Packets;

[Flags]
internal enum TcpFlags
{
    None = 0,
    Fin = 0x01,
    Syn = 0x02,
    Rst = 0x04,
    Psh = 0x08,
    Ack = 0x10,
}

/// <summary>A TCP header (RFC 9293).</summary>
internal sealed record TcpHeader(ushort SourcePort, ushort DestinationPort) : TransportHeader
{
    public const int MinimumLength = 20;
    public const int ChecksumAt = 16;

    public TcpFlags Flags { get; init; } = TcpFlags.Ack;
    public uint Sequence { get; init; } = 0x2000_0001;
    public uint Acknowledgement { get; init; } = 0x4000_0001;
    public ushort Window { get; init; } = 0xfaf0;

    /// <summary>Options, a multiple of four bytes.</summary>
    public byte[] Options { get; init; } = [];

    public override byte Protocol => 6;

    protected override int ChecksumOffset => ChecksumAt;

    protected override byte[] Header(int payloadLength)
    {
        byte[] bytes = new byte[MinimumLength + Options.Length];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), DestinationPort);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), Acknowledgement);
        bytes[12] = (byte)(bytes.Length / 4 << 4);
        bytes[13] = (byte)Flags;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(14), Window);
        Options.CopyTo(bytes, MinimumLength);
        return bytes;
    }
}
