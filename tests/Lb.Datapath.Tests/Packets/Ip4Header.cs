using System.Buffers.Binary;
using System.Net;

namespace Lb.Datapath.Tests.Packets;

/// <summary>An IPv4 header (RFC 791). What is null is filled in correctly.</summary>
internal sealed record Ip4Header(IPAddress Source, IPAddress Destination) : IpHeader(Source, Destination)
{
    public const int MinimumLength = 20;
    public const ushort DontFragment = 0x4000;
    public const ushort MoreFragments = 0x2000;

    public byte Version { get; init; } = 4;
    public byte Tos { get; init; }
    public byte Ttl { get; init; } = 64;
    public ushort Id { get; init; } = 0x1c46;
    public ushort Fragment { get; init; } = DontFragment;
    public byte? HeaderWords { get; init; }
    public ushort? TotalLength { get; init; }
    public ushort? HeaderChecksum { get; init; }

    /// <summary>Options, a multiple of four bytes.</summary>
    public byte[] Options { get; init; } = [];

    public override ushort EtherType => 0x0800;

    public override byte[] Serialize(byte protocol, byte[] body)
    {
        byte[] bytes = new byte[MinimumLength + Options.Length + body.Length];
        int length = MinimumLength + Options.Length;
        bytes[0] = (byte)((Version << 4) | (HeaderWords ?? (length / 4)));
        bytes[1] = Tos;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), TotalLength ?? (ushort)bytes.Length);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), Id);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(6), Fragment);
        bytes[8] = Ttl;
        bytes[9] = Protocol ?? protocol;
        Source.TryWriteBytes(bytes.AsSpan(12), out _);
        Destination.TryWriteBytes(bytes.AsSpan(16), out _);
        Options.CopyTo(bytes, MinimumLength);
        ushort checksum = HeaderChecksum ?? Checksum.Finish(Checksum.Sum(bytes.AsSpan(0, length)));
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(10), checksum);
        body.CopyTo(bytes, length);
        return bytes;
    }
}
