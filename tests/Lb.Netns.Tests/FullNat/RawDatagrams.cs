using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Lb.Netns.Tests.Clients;

namespace Lb.Netns.Tests.FullNat;

/// <summary>Sends datagrams as fragments of the sender's own making; made on a thread that is in the namespace.</summary>
internal sealed class RawDatagrams(AddressFamily family) : IDisposable
{
    private const int UdpProtocol = 17;
    private const int FragmentProtocol = 44;
    private const int UdpHeader = 8;
    private const int PieceSize = 1448;

    // With this protocol the headers are the sender's.
    private readonly Socket _socket = new(family, SocketType.Raw, ProtocolType.Raw);

    public static byte[] Random(int length) => RandomNumberGenerator.GetBytes(length);

    /// <summary>The fragments of a datagram from a socket to its peer, with their IP headers.</summary>
    public static IReadOnlyList<byte[]> Cut(Socket like, byte[] payload, ushort id)
    {
        var from = (IPEndPoint)like.LocalEndPoint!;
        var to = (IPEndPoint)like.RemoteEndPoint!;
        byte[] datagram = Datagram(from, to, payload);
        var pieces = new List<byte[]>();
        for (int at = 0; at < datagram.Length; at += PieceSize)
        {
            byte[] piece = datagram[at..Math.Min(at + PieceSize, datagram.Length)];
            int offset = at | (at + PieceSize < datagram.Length ? 1 : 0);
            byte[] header = from.AddressFamily == AddressFamily.InterNetwork
                ? Header4(piece.Length, offset, id)
                : Header6(piece.Length, offset, id);
            int addresses = from.AddressFamily == AddressFamily.InterNetwork ? 12 : 8;
            from.Address.TryWriteBytes(header.AsSpan(addresses), out int size);
            to.Address.TryWriteBytes(header.AsSpan(addresses + size), out _);
            pieces.Add([.. header, .. piece]);
        }

        return pieces;
    }

    public void Send(byte[] fragment, IPAddress to) => _socket.SendTo(fragment, new IPEndPoint(to, 0));

    public void Dispose() => _socket.Dispose();

    private static byte[] Datagram(IPEndPoint from, IPEndPoint to, byte[] payload)
    {
        byte[] datagram = new byte[UdpHeader + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(datagram, (ushort)from.Port);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(2), (ushort)to.Port);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(4), (ushort)datagram.Length);
        payload.CopyTo(datagram.AsSpan(UdpHeader));
        byte[] pseudo =
        [
            .. from.Address.GetAddressBytes(), .. to.Address.GetAddressBytes(), 0, UdpProtocol,
            (byte)(datagram.Length >> 8), (byte)datagram.Length,
        ];
        ushort checksum = RawSegment.Checksum([.. pseudo, .. datagram]);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(6), checksum == 0 ? ushort.MaxValue : checksum);
        return datagram;
    }

    /// <summary>The kernel fills in length and checksum.</summary>
    private static byte[] Header4(int length, int offset, ushort id)
    {
        byte[] header = new byte[20];
        header[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)(header.Length + length));
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(4), id);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(6), (ushort)((offset / 8) | ((offset & 1) << 13)));
        header[8] = 64;
        header[9] = UdpProtocol;
        return header;
    }

    private static byte[] Header6(int length, int offset, ushort id)
    {
        byte[] header = new byte[48];
        header[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(4), (ushort)(8 + length));
        header[6] = FragmentProtocol;
        header[7] = 64;
        header[40] = UdpProtocol;
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(42), (ushort)offset);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(46), id);
        return header;
    }
}
