using System.Buffers.Binary;

namespace Lb.Datapath.Tests.Packets;

/// <summary>Reads what the builder put into the transport's checksum field.</summary>
internal static class Checksums
{
    public static ushort OfTransport(Packet packet)
    {
        byte[] l3 = packet.ToLayer3();
        int l4 = packet.Ip is Ip4Header v4 ? Ip4Header.MinimumLength + v4.Options.Length : Ip6Header.Length;
        int at = packet.Transport switch
        {
            TcpHeader => TcpHeader.ChecksumAt,
            UdpHeader => UdpHeader.ChecksumAt,
            _ => IcmpHeader.ChecksumAt,
        };
        return BinaryPrimitives.ReadUInt16BigEndian(l3.AsSpan(l4 + at));
    }
}
