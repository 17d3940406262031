using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Lb.Kernel;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;

namespace Lb.Netns.Tests.Quic;

/// <summary>
/// A server that issues routable connection IDs (draft-ietf-quic-load-balancers) and knows its connections by them alone:
/// each packet is answered with its name, the client it saw, and how many packets the connection has had. A packet with an
/// ID in its short header that it has not issued is answered with no count.
/// </summary>
internal sealed class QuicServer : IDisposable
{
    public const int ConfigId = 5;
    public const int IdLength = 1 + ServerIdLength + NonceLength;
    public const int ServerIdLength = 2;
    private const int NonceLength = 8;

    private readonly Backend _backend;
    private readonly ConcurrentDictionary<string, (byte[] Client, int Count)> _connections = [];
    private readonly List<Socket> _sockets;

    private QuicServer(Backend backend, List<Socket> sockets)
    {
        _backend = backend;
        _sockets = sockets;
    }

    /// <summary>The server ID of a backend: 0a01 of b1.</summary>
    public static ServerId IdOf(string backend) => new([0x0a, byte.Parse(backend[1..], CultureInfo.InvariantCulture)]);

    public static QuicServer Start(Backend backend, int port = Addresses.ServerPort)
    {
        var server = new QuicServer(backend, backend.Namespace.Invoke(() => backend.Addresses.Select(address => Open(address, port)).ToList()));
        server._sockets.ForEach(socket => _ = server.ServeAsync(socket));
        return server;
    }

    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

    private static Socket Open(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(address, port));
        return socket;
    }

    private async Task ServeAsync(Socket socket)
    {
        byte[] buffer = new byte[2048];
        var any = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (true)
        {
            try
            {
                SocketReceiveFromResult got = await socket.ReceiveFromAsync(buffer, any);
                QuicPacket answer = Answer(QuicPacket.Read(buffer.AsSpan(0, got.ReceivedBytes), IdLength), got.RemoteEndPoint);
                await socket.SendToAsync(answer.ToBytes(), got.RemoteEndPoint);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException) when (socket.IsBound)
            {
                // A client that closed before it was answered.
            }
            catch (SocketException)
            {
                return;
            }
        }
    }

    private QuicPacket Answer(QuicPacket packet, EndPoint client)
    {
        byte[] own = packet.To;
        if (!_connections.ContainsKey(Convert.ToHexString(own)) && packet.From is { } from)
        {
            own = Issue();
            _connections[Convert.ToHexString(own)] = (from, 0);
        }

        if (!_connections.ContainsKey(Convert.ToHexString(own)))
        {
            return new QuicPacket(new byte[QuicClient.IdLength], null, $"{_backend.Name} {Greeting.Format(client)} unknown {packet.Text}");
        }

        (byte[] to, int count) = _connections.AddOrUpdate(
            Convert.ToHexString(own), _ => throw new InvalidOperationException(), (_, known) => (known.Client, known.Count + 1));
        return new QuicPacket(to, packet.From is null ? null : own, $"{_backend.Name} {Greeting.Format(client)} {count} {packet.Text}");
    }

    private byte[] Issue()
    {
        byte[] id = RandomNumberGenerator.GetBytes(IdLength);
        id[0] = (byte)((ConfigId << 5) | (id[0] & 0x1f));
        IdOf(_backend.Name).CopyTo(id.AsSpan(1));
        return id;
    }
}
