using System.Net;
using System.Net.Sockets;
using Lb.Netns.Tests.Topologies;

namespace Lb.Netns.Tests.FullNat;

/// <summary>A UDP server that answers each datagram with just that, from the address that was asked.</summary>
internal sealed class WholeEcho : IDisposable
{
    private readonly List<Socket> _sockets;

    private WholeEcho(List<Socket> sockets) => _sockets = sockets;

    public static WholeEcho Start(Backend backend)
    {
        var server = new WholeEcho(backend.Namespace.Invoke(() => backend.Addresses.Select(Open).ToList()));
        server._sockets.ForEach(socket => new Thread(() => Serve(socket)) { IsBackground = true }.Start());
        return server;
    }

    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

    private static Socket Open(IPAddress address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(address, Addresses.ServerPort));
        return socket;
    }

    private static void Serve(Socket socket)
    {
        byte[] buffer = new byte[65_536];
        EndPoint from = new IPEndPoint(
            socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        try
        {
            while (true)
            {
                int length = socket.ReceiveFrom(buffer, ref from);
                socket.SendTo(buffer.AsSpan(0, length), SocketFlags.None, from);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
