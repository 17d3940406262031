using System.Net;
using System.Net.Sockets;

namespace Lb.Cluster.Tests.Mesh;

/// <summary>Carries connections to a node until it is told to carry nothing more, and closes none.</summary>
internal sealed class FreezingRelay : IDisposable
{
    private readonly TcpListener _listener;
    private readonly IPEndPoint _target;
    private readonly List<Socket> _sockets = [];
    private volatile bool _isFrozen;

    public FreezingRelay(string host, string target)
    {
        _target = IPEndPoint.Parse(target);
        _listener = new TcpListener(IPAddress.Parse(host), 0);
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Address => _listener.LocalEndpoint.ToString()!;

    public void Freeze() => _isFrozen = true;

    public void Dispose()
    {
        _listener.Dispose();
        lock (_sockets)
        {
            _sockets.ForEach(socket => socket.Dispose());
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var from = await _listener.AcceptSocketAsync();
                var to = new Socket(SocketType.Stream, ProtocolType.Tcp);
                lock (_sockets)
                {
                    _sockets.AddRange([from, to]);
                }

                if (!_isFrozen)
                {
                    await to.ConnectAsync(_target);
                    _ = CopyAsync(from, to);
                    _ = CopyAsync(to, from);
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var length && !_isFrozen)
            {
                await to.SendAsync(buffer.AsMemory(0, length));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }
}
