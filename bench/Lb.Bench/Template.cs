using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Lb.Kernel;

namespace Lb.Bench;

/// <summary>A frame of 100 bytes; the wrapper fills in which client and port it comes from.</summary>
internal static class Template
{
    public const int Length = 100;
    private const int Ethernet = 14;
    private const byte Syn = 0x02;
    private const byte Ack = 0x10;

    /// <summary>A frame to an endpoint.</summary>
    public static byte[] To(Endpoint vip, bool syn)
    {
        bool v4 = vip.Address.AddressFamily == AddressFamily.InterNetwork;
        byte[] frame = new byte[Length];
        new byte[] { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1 }.CopyTo(frame, 0);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), (ushort)(v4 ? 0x0800 : 0x86dd));
        Span<byte> ip = frame.AsSpan(Ethernet);
        if (v4)
        {
            PutIPv4(ip, vip);
        }
        else
        {
            PutIPv6(ip, vip);
        }

        Span<byte> transport = ip[(v4 ? 20 : 40)..];
        BinaryPrimitives.WriteUInt16BigEndian(transport[2..], vip.Port);
        if (vip.Protocol == TransportProtocol.Udp)
        {
            BinaryPrimitives.WriteUInt16BigEndian(transport[4..], (ushort)transport.Length);
            BinaryPrimitives.WriteUInt16BigEndian(transport[6..], 0x1234);
        }
        else if (vip.Protocol == TransportProtocol.Sctp)
        {
            // A verification tag, no checksum (the wrapper's ports change), and a DATA chunk to the frame's end.
            BinaryPrimitives.WriteUInt32BigEndian(transport[4..], 0x1234_5678);
            BinaryPrimitives.WriteUInt16BigEndian(transport[14..], (ushort)(transport.Length - 12));
        }
        else
        {
            transport[12] = 5 << 4;
            transport[13] = syn ? Syn : Ack;
            BinaryPrimitives.WriteUInt16BigEndian(transport[16..], 0x1234);
        }

        return frame;
    }

    private static void PutIPv4(Span<byte> ip, Endpoint vip)
    {
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)ip.Length);
        ip[8] = 64;
        ip[9] = (byte)vip.Protocol;
        IPAddress.Parse("10.64.0.0").TryWriteBytes(ip[12..], out _);
        vip.Address.TryWriteBytes(ip[16..], out _);
    }

    private static void PutIPv6(Span<byte> ip, Endpoint vip)
    {
        ip[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(ip[4..], (ushort)(ip.Length - 40));
        ip[6] = (byte)vip.Protocol;
        ip[7] = 64;
        IPAddress.Parse("2001:db8:c::").TryWriteBytes(ip[8..], out _);
        vip.Address.TryWriteBytes(ip[24..], out _);
    }
}
