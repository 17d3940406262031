using System.Net;
using System.Net.Sockets;

namespace Lb.Datapath.Tests.Lab;

/// <summary>A socket of the host that the program runs on, bound to an address that need not be the host's.</summary>
internal sealed class HostSocket : IDisposable
{
    private readonly Socket _socket;

    private HostSocket(Socket socket) => _socket = socket;

    /// <summary>One that has begun to connect, and waits for an answer.</summary>
    public static HostSocket Connecting(Testbed bed, IPEndPoint local, IPEndPoint remote) =>
        Make(bed, local, SocketType.Stream, socket =>
        {
            socket.Blocking = false;
            try
            {
                socket.Connect(remote);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                // It is on its way.
            }
        });

    /// <summary>One that waits for connections.</summary>
    public static HostSocket Listening(Testbed bed, IPEndPoint local) =>
        Make(bed, local, SocketType.Stream, socket => socket.Listen());

    /// <summary>One that waits for datagrams.</summary>
    public static HostSocket ForDatagrams(Testbed bed, IPEndPoint local) =>
        Make(bed, local, SocketType.Dgram, _ => { });

    public void Dispose() => _socket.Dispose();

    private static HostSocket Make(Testbed bed, IPEndPoint local, SocketType type, Action<Socket> begin)
    {
        HostSocket? made = null;
        bed.Run(() =>
        {
            bool v6 = local.AddressFamily == AddressFamily.InterNetworkV6;
            Socket socket = new(local.AddressFamily, type, ProtocolType.Unspecified);
            made = new HostSocket(socket);
            // IPV6_TRANSPARENT of IPPROTO_IPV6, IP_TRANSPARENT of IPPROTO_IP.
            socket.SetRawSocketOption(v6 ? 41 : 0, v6 ? 75 : 19, [1, 0, 0, 0]);
            socket.Bind(local);
            begin(socket);
        });
        return made!;
    }
}
