using System.Net;
using System.Net.Sockets;
using Lb.Testing;

namespace Lb.Host.Tests.Processes;

/// <summary>A backend that counts its connections: now, and the most that there ever were at once. It echoes.</summary>
internal sealed class CountingServer : IDisposable
{
    private readonly Socket _listener;
    private readonly Thread _thread;
    private volatile bool _ends;
    private volatile int _now;
    private volatile int _most;

    /// <summary>Listens in a namespace.</summary>
    public CountingServer(TestNamespace net, IPEndPoint at)
    {
        _listener = net.Invoke(() =>
        {
            Socket socket = new(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(at);
            socket.Listen(512);
            return socket;
        });
        _thread = new Thread(Serve) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Connections that are open.</summary>
    public int Now => _now;

    /// <summary>The most that were.</summary>
    public int Most => _most;

    public void Dispose()
    {
        _ends = true;
        _thread.Join();
        _listener.Dispose();
    }

    private void Serve()
    {
        List<Socket> open = [];
        byte[] buffer = new byte[64];
        while (!_ends)
        {
            List<Socket> ready = [_listener, .. open];
            Socket.Select(ready, null, null, TimeSpan.FromMilliseconds(50));
            bool accepts = ready.Remove(_listener);

            // Whoever has ended before somebody new came counts no more.
            foreach (Socket socket in (accepts ? open.ToList() : ready).Where(socket => !IsAlive(socket, buffer)))
            {
                open.Remove(socket);
                socket.Dispose();
            }

            if (accepts)
            {
                open.Add(_listener.Accept());
            }

            _now = open.Count;
            _most = Math.Max(_most, _now);
        }

        open.ForEach(socket => socket.Dispose());
    }

    private static bool IsAlive(Socket socket, byte[] buffer)
    {
        try
        {
            while (socket.Available > 0 || socket.Poll(0, SelectMode.SelectRead))
            {
                int read = socket.Receive(buffer);
                if (read == 0)
                {
                    return false;
                }

                socket.Send(buffer, read, SocketFlags.None);
            }

            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
