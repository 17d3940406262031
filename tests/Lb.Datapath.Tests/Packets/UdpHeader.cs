using System.Buffers.Binary;

namespace Lb.Datapath.Tests.Packets;

/// <summary>A UDP header (RFC 768).</summary>
internal sealed record UdpHeader(ushort SourcePort, ushort DestinationPort) : TransportHeader
{
    public const int Length = 8;
    public const int ChecksumAt = 6;

    public ushort? DatagramLength { get; init; }

    public override byte Protocol => 17;

    protected override int ChecksumOffset => ChecksumAt;

    protected override bool ZeroMeansNone => true;

    protected override byte[] Header(int payloadLength)
    {
        byte[] bytes = new byte[Length];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), DestinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), DatagramLength ?? (ushort)(Length + payloadLength));
        return bytes;
    }
}
