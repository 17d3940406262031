using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Lb.Testing;

namespace Lb.Netns.Tests.Quic;

/// <summary>A connection to a <see cref="QuicServer"/>, from any address and port of its client that it is told to have.</summary>
internal sealed class QuicClient : IDisposable
{
    public const int IdLength = 4;
    private const int FirstIdLength = 8;

    /// <summary>Nobody repeats a lost packet but the client.</summary>
    private const int Tries = 10;

    private readonly TestNamespace _host;
    private readonly IPEndPoint _service;
    private readonly byte[] _own = RandomNumberGenerator.GetBytes(IdLength);
    private byte[] _to = RandomNumberGenerator.GetBytes(FirstIdLength);
    private Socket _socket;
    private int _number;
    private int _count;

    private QuicClient(TestNamespace host, IPEndPoint service, IPAddress? from)
    {
        _host = host;
        _service = service;
        _socket = Open(from);
        // A long header to an ID of the client's own: it goes by the hash, and the answer says the server's.
        Backend = Exchange(isLong: true);
        Assert.Equal(Backend, Exchange(isLong: true));
    }

    /// <summary>Who has the connection.</summary>
    public string Backend { get; }

    public static QuicClient Connect(TestNamespace host, IPEndPoint service, IPAddress? from = null) => new(host, service, from);

    /// <summary>Goes on from another port and, if told, another address.</summary>
    public void Move(IPAddress? from = null)
    {
        _socket.Dispose();
        _socket = Open(from);
    }

    /// <summary>Sends a packet in the midst of the connection; its server knows it and has had one more.</summary>
    public void Exchange() => Assert.Equal(Backend, Exchange(isLong: false));

    /// <summary>Who would have it if its packets told nothing: who answers a new connection from the same address and port.</summary>
    public string WithoutId()
    {
        byte[] to = RandomNumberGenerator.GetBytes(FirstIdLength);
        to[0] |= 0xe0;
        return Ask(new QuicPacket(to, RandomNumberGenerator.GetBytes(IdLength), $"{_number++}"), out _)[0];
    }

    public void Dispose() => _socket.Dispose();

    private string Exchange(bool isLong)
    {
        string[] words = Ask(new QuicPacket(_to, isLong ? _own : null, $"{_number++}"), out QuicPacket answer);
        Assert.True(words[2] != "unknown", $"{words[0]} does not know the connection of {Backend}");
        int count = int.Parse(words[2], CultureInfo.InvariantCulture);
        Assert.True(count > _count, $"{words[0]} has had {count} packets of the connection, after {_count}");
        _count = count;
        _to = answer.From ?? _to;
        return words[0];
    }

    private string[] Ask(QuicPacket packet, out QuicPacket answer)
    {
        byte[] buffer = new byte[2048];
        for (int left = Tries; left > 0; left--)
        {
            try
            {
                _socket.Send(packet.ToBytes());
                do
                {
                    answer = QuicPacket.Read(buffer.AsSpan(0, _socket.Receive(buffer)), IdLength);
                }
                while (!answer.Text.EndsWith($" {packet.Text}", StringComparison.Ordinal));
                return answer.Text.Split(' ');
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.TimedOut)
            {
                // Lost, one way or the other.
            }
        }

        throw new TimeoutException($"{_service} does not answer {_socket.LocalEndPoint}, whose connection {Backend} has.");
    }

    private Socket Open(IPAddress? from) => _host.Invoke(() =>
    {
        var socket = new Socket(_service.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 2000 };
        if (from is not null)
        {
            socket.Bind(new IPEndPoint(from, 0));
        }

        socket.Connect(_service);
        return socket;
    });
}
