using System.Net;
using System.Net.Sockets;
using Lb.Testing;

namespace Lb.Host.Tests.Processes;

/// <summary>Clients in one namespace, each with a connection that is served when its byte comes back.</summary>
/// <param name="net">Where they are.</param>
/// <param name="service">What they connect to.</param>
internal sealed class WaitingClients(TestNamespace net, IPEndPoint service) : IDisposable
{
    private readonly List<Socket> _served = [];
    private readonly List<Socket> _waiting = [];

    /// <summary>Connects so many more; none is waited for.</summary>
    public void Add(int count) => net.Invoke(() =>
    {
        for (int i = 0; i < count; i++)
        {
            Socket socket = new(service.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(service);
            socket.Send([7]);
            _waiting.Add(socket);
        }
    });

    /// <summary>How many are served.</summary>
    public int CountServed()
    {
        byte[] buffer = new byte[8];
        foreach (Socket socket in _waiting.Where(socket => socket.Available > 0).ToArray())
        {
            Assert.Equal(1, socket.Receive(buffer));
            _waiting.Remove(socket);
            _served.Add(socket);
        }

        return _served.Count;
    }

    /// <summary>So many of those that are served end.</summary>
    /// <returns>How many that were.</returns>
    public int End(int most)
    {
        Socket[] ending = [.. _served.Take(most)];
        foreach (Socket socket in ending)
        {
            _served.Remove(socket);
            socket.Dispose();
        }

        return ending.Length;
    }

    /// <summary>Whether any that was served was cut.</summary>
    public bool HasLost() => _served.Exists(socket => socket.Poll(0, SelectMode.SelectRead));

    public void Dispose()
    {
        _served.ForEach(socket => socket.Dispose());
        _waiting.ForEach(socket => socket.Dispose());
    }
}
