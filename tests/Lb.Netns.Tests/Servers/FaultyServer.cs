using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Lb.Netns.Tests.Topologies;

namespace Lb.Netns.Tests.Servers;

/// <summary>What is wrong with a server.</summary>
internal enum Fault
{
    /// <summary>It resets every connection as soon as it is asked something.</summary>
    Resets,

    /// <summary>It accepts, and never says anything.</summary>
    Silent,

    /// <summary>Its greeting comes late.</summary>
    Slow,
}

/// <summary>A TCP server that passes every check of its port, and does not serve.</summary>
internal sealed class FaultyServer : IDisposable
{
    private static readonly TimeSpan Lateness = TimeSpan.FromMilliseconds(150);

    private readonly Backend _backend;
    private readonly Fault _fault;
    private readonly Socket _listener;
    private readonly ConcurrentBag<Socket> _accepted = [];

    private FaultyServer(Backend backend, Fault fault, Socket listener)
    {
        _backend = backend;
        _fault = fault;
        _listener = listener;
    }

    public static FaultyServer Start(Backend backend, Fault fault)
    {
        Socket listener = backend.Namespace.Invoke(() =>
        {
            Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
            socket.Bind(new IPEndPoint(IPAddress.IPv6Any, Addresses.ServerPort));
            socket.Listen(2048);
            return socket;
        });
        FaultyServer server = new(backend, fault, listener);
        _ = server.AcceptAsync();
        return server;
    }

    public void Dispose()
    {
        _listener.Dispose();
        foreach (Socket socket in _accepted)
        {
            socket.Dispose();
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptAsync();
                _accepted.Add(socket);
                _ = ServeAsync(socket);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The end of the scenario.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            if (_fault == Fault.Resets)
            {
                _ = await socket.ReceiveAsync(new byte[64]);
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
                socket.Dispose();
            }
            else if (_fault == Fault.Slow)
            {
                string greeting = $"{_backend.Name} {Greeting.Format(socket.RemoteEndPoint!)}\n";
                await Task.Delay(Lateness);
                await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes(greeting));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Probes hang up at once.
        }
    }
}
