using System.Net;
using System.Net.Sockets;

namespace Lb.Host.Running;

/// <summary>The socket of the HTTP API, bound before anything in the kernel is changed.</summary>
internal static class AdminSocket
{
    /// <summary>Binds it and listens.</summary>
    /// <param name="endpoint">Address and port.</param>
    /// <param name="key">Key of the configuration that they come from.</param>
    /// <exception cref="NodeFailure">The address cannot be had.</exception>
    public static Socket Bind(IPEndPoint endpoint, string key)
    {
        Socket socket = new(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endpoint.Address.Equals(IPAddress.IPv6Any))
            {
                // All addresses, those of IPv4 too.
                socket.DualMode = true;
            }

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
                    ? $"{endpoint} ({key}) is taken by another process; end it, or choose another {key}.port."
                    : $"{endpoint} ({key}) cannot be listened on: {e.Message}; choose another address or port.",
                e);
        }
    }
}
