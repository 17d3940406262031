using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Lb.Testing;

namespace Lb.Netns.Tests.Clients;

/// <summary>SYNs from addresses of the client's network that nobody has.</summary>
internal static class SynFlood
{
    private const int IPHeader = 20;
    private const int Length = 40;
    private const int FirstHost = 3;
    private const int Hosts = 250;

    /// <summary>Sends them as fast as it can.</summary>
    public static void Send(TestNamespace client, IPEndPoint service, int count) => client.Invoke(() =>
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.HeaderIncluded, true);
        for (int i = 0; i < count; i++)
        {
            socket.SendTo(Syn(service, FirstHost + (i % Hosts), 1024 + (i / Hosts)), service);
        }
    });

    private static byte[] Syn(IPEndPoint service, int host, int port)
    {
        byte[] packet = new byte[Length];
        packet[0] = 0x45;
        packet[8] = 64; // TTL
        packet[9] = (byte)ProtocolType.Tcp;
        new byte[] { 10, 77, 1, (byte)host }.CopyTo(packet, 12);
        service.Address.GetAddressBytes().CopyTo(packet, 16);
        Span<byte> tcp = packet.AsSpan(IPHeader);
        BinaryPrimitives.WriteUInt16BigEndian(tcp, (ushort)port);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[2..], (ushort)service.Port);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], (uint)((port << 8) | host));
        tcp[12] = 5 << 4; // five words of header
        tcp[13] = 0x02; // SYN
        BinaryPrimitives.WriteUInt16BigEndian(tcp[14..], ushort.MaxValue);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[16..], Checksum(packet));
        return packet;
    }

    /// <summary>Over addresses, protocol, length and segment; the kernel fills in that of the IP header.</summary>
    private static ushort Checksum(ReadOnlySpan<byte> packet)
    {
        uint sum = (uint)ProtocolType.Tcp + Length - IPHeader;
        for (int i = 12; i < Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(packet[i..]);
        }

        while (sum >> 16 != 0)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (ushort)~sum;
    }
}
