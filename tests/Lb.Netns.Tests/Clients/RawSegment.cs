using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Lb.Testing;

namespace Lb.Netns.Tests.Clients;

/// <summary>Sends segments of a TCP connection past its socket, over IPv4.</summary>
internal static class RawSegment
{
    private const int LevelTcp = 6;
    private const int Repair = 19; // TCP_REPAIR
    private const int RepairQueue = 20; // TCP_REPAIR_QUEUE
    private const int QueueSequence = 21; // TCP_QUEUE_SEQ
    private const int ReceiveQueue = 1;
    private const int SendQueue = 2;
    private const int RepairOffSilently = -1;
    private const int HeaderSize = 20;

    /// <summary>The sequence numbers behind the last byte that a socket has sent, and received.</summary>
    public static (uint Sent, uint Received) SequencesOf(Socket socket)
    {
        Set(socket, Repair, 1);
        Set(socket, RepairQueue, SendQueue);
        uint sent = Get(socket);
        Set(socket, RepairQueue, ReceiveQueue);
        uint received = Get(socket);
        Set(socket, Repair, RepairOffSilently);
        return (sent, received);
    }

    /// <summary>Sends a segment as if the socket had.</summary>
    public static void Send(TestNamespace host, Socket like, uint sequence, uint acknowledged, ReadOnlySpan<byte> payload)
    {
        var from = (IPEndPoint)like.LocalEndPoint!;
        var to = (IPEndPoint)like.RemoteEndPoint!;
        byte[] segment = new byte[HeaderSize + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(segment, (ushort)from.Port);
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), (ushort)to.Port);
        BinaryPrimitives.WriteUInt32BigEndian(segment.AsSpan(4), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(segment.AsSpan(8), acknowledged);
        segment[12] = HeaderSize / 4 << 4;
        segment[13] = 0x18; // ACK, PSH
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(14), 1024);
        payload.CopyTo(segment.AsSpan(HeaderSize));
        byte[] pseudo =
        [
            .. from.Address.GetAddressBytes(), .. to.Address.GetAddressBytes(), 0, LevelTcp,
            (byte)(segment.Length >> 8), (byte)segment.Length,
        ];
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(16), Checksum([.. pseudo, .. segment]));
        using Socket raw = host.Invoke(() => new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Tcp));
        raw.SendTo(segment, new IPEndPoint(to.Address, 0));
    }

    private static void Set(Socket socket, int option, int value) =>
        socket.SetRawSocketOption(LevelTcp, option, BitConverter.GetBytes(value));

    private static uint Get(Socket socket)
    {
        byte[] value = new byte[sizeof(uint)];
        socket.GetRawSocketOption(LevelTcp, QueueSequence, value);
        return BitConverter.ToUInt32(value);
    }

    /// <summary>The Internet checksum of bytes.</summary>
    public static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (int i = 0; i < bytes.Length; i += 2)
        {
            sum += (uint)(bytes[i] << 8) + (i + 1 < bytes.Length ? bytes[i + 1] : 0u);
        }

        while (sum >> 16 != 0)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (ushort)~sum;
    }
}
