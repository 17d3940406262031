using System.Net;
using System.Net.Sockets;
using Lb.Testing;

namespace Lb.Netns.Tests.Sctp;

/// <summary>A raw socket that has SCTP: the kernel may have none of its own.</summary>
internal sealed class SctpSocket : IDisposable
{
    private const int Sctp = 132;
    private const int MostBytes = 65_536;

    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[MostBytes];
    private readonly EndPoint _any;

    /// <summary>Its address.</summary>
    public IPAddress Own { get; }

    /// <summary>Made on a thread that is in the namespace.</summary>
    /// <param name="own">Its address.</param>
    public SctpSocket(IPAddress own)
    {
        Own = own;
        _socket = RawSockets.Open(own.AddressFamily, Sctp);
        _any = new IPEndPoint(own.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        _socket.Bind(new IPEndPoint(own, 0));
    }

    public void Send(IPAddress to, SctpPacket packet) => _socket.SendTo(packet.ToBytes(), new IPEndPoint(to, 0));

    /// <summary>The next packet of anybody; null when none came in time.</summary>
    public (IPAddress From, SctpPacket Packet)? Receive(TimeSpan within)
    {
        long end = Environment.TickCount64 + (long)within.TotalMilliseconds;
        for (long left = (long)within.TotalMilliseconds; left > 0; left = end - Environment.TickCount64)
        {
            if (!_socket.Poll(TimeSpan.FromMilliseconds(left), SelectMode.SelectRead))
            {
                return null;
            }

            EndPoint from = _any;
            if (Read(_socket.ReceiveFrom(_buffer, ref from)) is { } packet)
            {
                return (((IPEndPoint)from).Address, packet);
            }
        }

        return null;
    }

    /// <summary>The next packet of anybody.</summary>
    public async Task<(IPAddress From, SctpPacket Packet)> ReceiveAsync()
    {
        while (true)
        {
            SocketReceiveFromResult got = await _socket.ReceiveFromAsync(_buffer, _any);
            if (Read(got.ReceivedBytes) is { } packet)
            {
                return (((IPEndPoint)got.RemoteEndPoint).Address, packet);
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Of IPv4 the header comes with the packet.</summary>
    private SctpPacket? Read(int length)
    {
        int header = _socket.AddressFamily == AddressFamily.InterNetwork ? (_buffer[0] & 15) * 4 : 0;
        return SctpPacket.Read(_buffer.AsSpan(header, length - header));
    }
}
