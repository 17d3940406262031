using System.Net;
using System.Net.Sockets;

namespace Lb.Host.Running;

/// <summary>The socket of the HTTP API, bound before anything in the kernel is changed.</summary>
internal static class AdminSocket
{
    /// <summary>Binds it and listens.</summary>
    /// <exception cref="NodeFailure">The address cannot be had.</exception>
    public static Socket Bind(IPEndPoint endpoint)
    {
        Socket socket = new(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endpoint);

            // Only a listener makes the port taken for the next process that asks.
            socket.Listen();
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new NodeFailure(
                e.SocketErrorCode == SocketError.AddressAlreadyInUse
                    ? $"{endpoint} (lb.admin) is taken by another process; end it, or choose another lb.admin.port."
                    : $"{endpoint} (lb.admin) cannot be listened on: {e.Message}; choose another address or port.",
                e);
        }
    }
}
