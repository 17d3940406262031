using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;

namespace Lb.Netns.Tests.Sctp;

/// <summary>
/// An SCTP server on every address of a backend that answers each message with its name, the client it saw, and the message.
/// What is of no association that it has it aborts.
/// </summary>
internal sealed class SctpEchoServer : IDisposable
{
    private const uint Window = 65_536;
    private const uint Streams = 10 << 16 | 10;
    private const uint CookieHeader = 7 << 16 | 8;
    private const byte TagIsReflected = 1;
    private const byte WholeMessage = 3;

    /// <summary>Bytes of a message that are sent back, so that an answer fits where the message did.</summary>
    private const int MostEcho = 100;

    private readonly string _name;
    private readonly int _port;
    private readonly List<SctpSocket> _sockets;
    private readonly ConcurrentDictionary<(IPAddress Vip, IPEndPoint Client), Association> _associations = new();

    private SctpEchoServer(Backend backend, int port)
    {
        _name = backend.Name;
        _port = port;
        _sockets = backend.Namespace.Invoke(() => backend.Addresses.Select(address => new SctpSocket(address)).ToList());
        _sockets.ForEach(socket => _ = ServeAsync(socket));
    }

    /// <summary>Associations that their clients have neither ended nor broken off.</summary>
    public int Open => _associations.Count;

    public static SctpEchoServer Start(Backend backend, int port = Addresses.ServerPort) => new(backend, port);

    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

    private async Task ServeAsync(SctpSocket socket)
    {
        while (true)
        {
            try
            {
                (IPAddress from, SctpPacket packet) = await socket.ReceiveAsync();
                if (packet.To == _port && Answer(socket.Own, new IPEndPoint(from, packet.From), packet) is { } answer)
                {
                    socket.Send(from, answer);
                }
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private SctpPacket? Answer(IPAddress own, IPEndPoint client, SctpPacket packet)
    {
        (IPAddress, IPEndPoint) key = (own, client);
        if (packet.Chunks[0].Type == ChunkType.Init)
        {
            Association begun = _associations.AddOrUpdate(key, _ => Association.Of(packet.Chunks[0]), (_, known) => known.Again(packet.Chunks[0]));
            return new SctpPacket(_port, client.Port, begun.Peer, [new Chunk(
                ChunkType.InitAck, SctpPacket.Words(begun.Tag, Window, Streams, begun.First, CookieHeader, begun.Tag))]);
        }

        if (!_associations.TryGetValue(key, out Association? known) || known.Tag != packet.Tag)
        {
            return packet.Chunks.Any(chunk => chunk.Type is ChunkType.Abort or ChunkType.ShutdownComplete)
                ? null
                : new SctpPacket(_port, client.Port, packet.Tag, [new Chunk(ChunkType.Abort, [], TagIsReflected)]);
        }

        if (packet.Chunks.Any(chunk => chunk.Type is ChunkType.Abort or ChunkType.ShutdownComplete))
        {
            _associations.TryRemove(key, out _);
            return null;
        }

        Chunk[] answers = [.. packet.Chunks.SelectMany(chunk => known.Hear(chunk, $"{_name} {Greeting.Format(client)}"))];
        return answers.Length == 0 ? null : new SctpPacket(_port, client.Port, known.Peer, [.. answers]);
    }

    /// <summary>What the server knows of an association; one message at a time is on its way.</summary>
    private sealed class Association
    {
        private uint _heard;
        private uint _sent;
        private Chunk? _last;

        public uint Tag { get; } = (uint)Random.Shared.NextInt64(1, uint.MaxValue);

        public uint Peer { get; private init; }

        public uint First { get; private init; }

        private bool IsEstablished { get; set; }

        public static Association Of(Chunk init) =>
            new() { Peer = init.Word(0), First = 5000, _heard = init.Word(12) - 1, _sent = 4999 };

        /// <summary>An INIT that was sent again has the same answer; another one begins anew.</summary>
        public Association Again(Chunk init) => !IsEstablished && init.Word(0) == Peer ? this : Of(init);

        public IEnumerable<Chunk> Hear(Chunk chunk, string greeting)
        {
            IsEstablished = true;
            switch (chunk.Type)
            {
                case ChunkType.CookieEcho:
                    return [new Chunk(ChunkType.CookieAck, [])];
                case ChunkType.Shutdown:
                    return [new Chunk(ChunkType.ShutdownAck, [])];
                case ChunkType.Data:
                    if (chunk.Word(0) == _heard + 1)
                    {
                        _heard++;
                        string text = Encoding.ASCII.GetString(chunk.Body.AsSpan(12, Math.Min(chunk.Body.Length - 12, MostEcho)));
                        _last = new Chunk(
                            ChunkType.Data,
                            [.. SctpPacket.Words(++_sent, (_sent - First) & 0xffff, 0), .. Encoding.ASCII.GetBytes($"{greeting} {text}")],
                            WholeMessage);
                    }

                    Chunk heard = new(ChunkType.Sack, SctpPacket.Words(_heard, Window, 0));
                    return _last is null ? [heard] : [heard, _last];
                default:
                    return [];
            }
        }
    }
}
