using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Lb.Netns.Tests.Topologies;

namespace Lb.Netns.Tests.Servers;

/// <summary>
/// A TCP server that greets with its name and the client's address as it sees it ("b1 10.77.1.2:40000"), then
/// sends back what it gets.
/// </summary>
internal sealed class EchoServer : IDisposable
{
    private readonly string _name;
    private readonly Socket _listener;
    private readonly ConcurrentDictionary<Socket, bool> _connections = new();

    private EchoServer(string name, Socket listener)
    {
        _name = name;
        _listener = listener;
    }

    public static EchoServer Start(Backend backend, int port = Addresses.ServerPort)
    {
        Socket listener = backend.Namespace.Invoke(() =>
        {
            var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
            socket.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
            socket.Listen(2048);
            return socket;
        });
        var server = new EchoServer(backend.Name, listener);
        _ = server.AcceptAsync();
        return server;
    }

    /// <summary>As when the server's process is killed: the port is closed and every connection reset.</summary>
    public void Dispose()
    {
        _listener.Dispose();
        foreach (Socket connection in _connections.Keys)
        {
            Reset(connection);
        }
    }

    /// <summary>Ends its side of every connection.</summary>
    public void Finish()
    {
        foreach (Socket connection in _connections.Keys)
        {
            connection.Shutdown(SocketShutdown.Send);
        }
    }

    private static void Reset(Socket connection)
    {
        try
        {
            connection.LingerState = new LingerOption(enable: true, seconds: 0);
            connection.Dispose();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Its client hung up meanwhile, as probes do.
        }
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptAsync());
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        using Socket owned = connection;
        _connections[connection] = true;
        try
        {
            connection.NoDelay = true;
            await connection.SendAsync(Encoding.ASCII.GetBytes($"{_name} {Greeting.Format(connection.RemoteEndPoint!)}\n"));
            byte[] buffer = new byte[4096];
            int length;
            while ((length = await connection.ReceiveAsync(buffer)) > 0)
            {
                await connection.SendAsync(buffer.AsMemory(0, length));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Probes hang up at once, and Dispose closes under a pending call.
        }
        finally
        {
            _connections.TryRemove(connection, out _);
        }
    }
}
