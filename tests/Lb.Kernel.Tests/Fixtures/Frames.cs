using System.Buffers.Binary;

namespace Lb.Kernel.Tests.Fixtures;

/// <summary>Ethernet frames with no more in them than the load balancer looks at.</summary>
public static class Frames
{
    private const int EthernetSize = 14;
    private const int TcpSize = 20;
    private const byte Syn = 0x02;

    /// <summary>A SYN of a flow, without checksums.</summary>
    public static byte[] TcpSyn(Flow flow) =>
        flow.Vip.GetAddressBytes().Length == 4 ? OverIPv4(flow) : OverIPv6(flow);

    private static byte[] OverIPv4(Flow flow)
    {
        const int HeaderSize = 20;
        var frame = new byte[EthernetSize + HeaderSize + TcpSize];
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), 0x0800);
        Span<byte> ip = frame.AsSpan(EthernetSize);
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], HeaderSize + TcpSize);
        ip[8] = 64;
        ip[9] = (byte)flow.Protocol;
        flow.Source.TryWriteBytes(ip[12..], out _);
        flow.Vip.TryWriteBytes(ip[16..], out _);
        WriteTcp(ip[HeaderSize..], flow);
        return frame;
    }

    private static byte[] OverIPv6(Flow flow)
    {
        const int HeaderSize = 40;
        var frame = new byte[EthernetSize + HeaderSize + TcpSize];
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), 0x86DD);
        Span<byte> ip = frame.AsSpan(EthernetSize);
        ip[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(ip[4..], TcpSize);
        ip[6] = (byte)flow.Protocol;
        ip[7] = 64;
        flow.Source.TryWriteBytes(ip[8..], out _);
        flow.Vip.TryWriteBytes(ip[24..], out _);
        WriteTcp(ip[HeaderSize..], flow);
        return frame;
    }

    private static void WriteTcp(Span<byte> tcp, Flow flow)
    {
        BinaryPrimitives.WriteUInt16BigEndian(tcp, flow.SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[2..], flow.VipPort);
        tcp[12] = 0x50;
        tcp[13] = Syn;
    }
}
