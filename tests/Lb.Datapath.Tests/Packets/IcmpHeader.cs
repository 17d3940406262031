using System.Buffers.Binary;

namespace Lb.Datapath.Tests.Packets;

/// <summary>Message types that the tests name.</summary>
internal static class IcmpType
{
    public const byte EchoReply4 = 0;
    public const byte Unreachable4 = 3;
    public const byte EchoRequest4 = 8;
    public const byte TimeExceeded4 = 11;
    public const byte ParameterProblem4 = 12;
    public const byte Timestamp4 = 13;
    public const byte Unreachable6 = 1;
    public const byte TooBig6 = 2;
    public const byte TimeExceeded6 = 3;
    public const byte ParameterProblem6 = 4;
    public const byte EchoRequest6 = 128;
    public const byte EchoReply6 = 129;
    public const byte NeighbourSolicitation6 = 135;
}

/// <summary>An ICMP (RFC 792) or ICMPv6 (RFC 4443) header: type, code, checksum and four bytes by type.</summary>
internal sealed record IcmpHeader(bool V6, byte Type, byte Code = 0, uint Rest = 0) : TransportHeader
{
    public const int Length = 8;
    public const int ChecksumAt = 2;

    public override byte Protocol => (byte)(V6 ? 58 : 1);

    protected override int ChecksumOffset => ChecksumAt;

    protected override bool HasPseudoHeader => V6;

    protected override byte[] Header(int payloadLength)
    {
        byte[] bytes = [Type, Code, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), Rest);
        return bytes;
    }
}
