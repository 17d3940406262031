using System.Net;
using System.Net.Sockets;
using System.Text;
using Lb.Netns.Tests.Topologies;

namespace Lb.Netns.Tests.Servers;

/// <summary>A UDP server that answers each datagram with its name, the client it saw, and the datagram.</summary>
/// <remarks>It has a socket for each address, so that an answer leaves with the address that was asked.</remarks>
internal sealed class UdpEchoServer : IDisposable
{
    private readonly string _name;
    private readonly List<Socket> _sockets;

    private UdpEchoServer(string name, List<Socket> sockets)
    {
        _name = name;
        _sockets = sockets;
    }

    public static UdpEchoServer Start(Backend backend, int port = Addresses.ServerPort)
    {
        var server = new UdpEchoServer(
            backend.Name, backend.Namespace.Invoke(() => backend.Addresses.Select(address => Open(address, port)).ToList()));
        server._sockets.ForEach(s => _ = server.ServeAsync(s));
        return server;
    }

    /// <summary>Closes the port: the kernel answers with port unreachable from now on.</summary>
    public void Dispose() => _sockets.ForEach(s => s.Dispose());

    private static Socket Open(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(address, port));
        return socket;
    }

    private async Task ServeAsync(Socket socket)
    {
        byte[] buffer = new byte[8192];
        var any = new IPEndPoint(
            socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (true)
        {
            try
            {
                SocketReceiveFromResult got = await socket.ReceiveFromAsync(buffer, any);
                string text = Encoding.ASCII.GetString(buffer, 0, got.ReceivedBytes);
                await socket.SendToAsync(
                    Encoding.ASCII.GetBytes($"{_name} {Greeting.Format(got.RemoteEndPoint)} {text}"), got.RemoteEndPoint);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // A client that closed before it was answered.
                if (!socket.IsBound)
                {
                    return;
                }
            }
        }
    }
}
