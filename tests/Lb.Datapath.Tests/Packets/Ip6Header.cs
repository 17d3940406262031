using System.Buffers.Binary;
using System.Net;

namespace Lb.Datapath.Tests.Packets;

/// <summary>An IPv6 header (RFC 8200). What is null is filled in correctly.</summary>
internal sealed record Ip6Header(IPAddress Source, IPAddress Destination) : IpHeader(Source, Destination)
{
    public const int Length = 40;

    public byte Version { get; init; } = 6;
    public byte TrafficClass { get; init; }
    public uint FlowLabel { get; init; }
    public byte HopLimit { get; init; } = 64;
    public ushort? PayloadLength { get; init; }

    /// <summary>An extension header before the transport header, without its first byte; null for none.</summary>
    public (byte Type, byte[] Tail)? Extension { get; init; }

    public override ushort EtherType => 0x86dd;

    public override byte[] Serialize(byte protocol, byte[] body)
    {
        byte[] extension = Extension is { } e ? [Protocol ?? protocol, .. e.Tail] : [];
        byte[] bytes = new byte[Length + extension.Length + body.Length];
        uint first = ((uint)Version << 28) | ((uint)TrafficClass << 20) | FlowLabel;
        BinaryPrimitives.WriteUInt32BigEndian(bytes, first);
        ushort payload = PayloadLength ?? (ushort)(extension.Length + body.Length);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), payload);
        bytes[6] = Extension?.Type ?? Protocol ?? protocol;
        bytes[7] = HopLimit;
        Source.TryWriteBytes(bytes.AsSpan(8), out _);
        Destination.TryWriteBytes(bytes.AsSpan(24), out _);
        extension.CopyTo(bytes, Length);
        body.CopyTo(bytes, Length + extension.Length);
        return bytes;
    }
}
