using System.Buffers.Binary;
using System.Net;
using System.Text;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Sctp;

/// <summary>
/// A client's end of an association (RFC 9260) that sends one message after the other, and again what nobody has answered.
/// </summary>
internal sealed class SctpAssociation : IDisposable
{
    private const uint Window = 65_536;
    private const uint Streams = 10 << 16 | 10;
    private const int CookieParameter = 7;
    private const int FixedPart = 16;
    private const byte WholeMessageAtOnce = 0x0b; // I, B, E
    private const int Attempts = 20;
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);
    private static int s_port = 20_000;

    private readonly SctpSocket _socket;
    private readonly IPEndPoint _service;
    private readonly uint _tag = (uint)Random.Shared.NextInt64(1, uint.MaxValue);
    private uint _peer;
    private uint _next = 1000;
    private uint _stream;
    private uint _received;

    private SctpAssociation(SctpSocket socket, IPAddress own, IPEndPoint service, int port)
    {
        _socket = socket;
        _service = service;
        Local = new IPEndPoint(own, port);
    }

    public IPEndPoint Local { get; }

    /// <summary>The backend that has it, by its answers.</summary>
    public string? Backend { get; private set; }

    /// <summary>Begins an association, as INIT and COOKIE ECHO do.</summary>
    /// <param name="client">Namespace of the client.</param>
    /// <param name="service">VIP and port.</param>
    /// <param name="port">The client's port; null for one that nobody else has.</param>
    public static SctpAssociation Open(TestNamespace client, IPEndPoint service, int? port = null)
    {
        IPAddress own = Addresses.ClientOf(service.AddressFamily);
        var made = new SctpAssociation(
            client.Invoke(() => new SctpSocket(own)), own, service, port ?? Interlocked.Increment(ref s_port));
        try
        {
            made.Associate();
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    /// <summary>Sends a message to a server that answers with its name, the client it saw, and the message.</summary>
    public Greeting Ask(string text)
    {
        string answer = Exchange(Data(text), chunk => chunk.Type == ChunkType.Data && chunk.Word(0) == _received + 1
            ? Encoding.ASCII.GetString(chunk.Body.AsSpan(12))
            : null);
        _received++;
        Send(_peer, Acknowledgement());
        var greeting = Greeting.Parse(answer);
        Backend = greeting.Backend;
        return answer.EndsWith($" {text}", StringComparison.Ordinal)
            ? greeting
            : throw new InvalidDataException($"'{text}' was answered with '{answer}'.");
    }

    /// <summary>Sends a message and waits until it is acknowledged.</summary>
    public void Deliver(string text)
    {
        Chunk data = Data(text);
        uint sent = data.Word(0);
        Exchange(data, chunk => chunk.Type == ChunkType.Sack && chunk.Word(0) == sent ? "acknowledged" : null);
    }

    /// <summary>Ends the association, as both ends agree.</summary>
    public void Shutdown()
    {
        Exchange(
            new Chunk(ChunkType.Shutdown, SctpPacket.Words(_received)), chunk => chunk.Type == ChunkType.ShutdownAck ? "agreed" : null);
        Send(_peer, new Chunk(ChunkType.ShutdownComplete, []));
    }

    /// <summary>Breaks the association off.</summary>
    public void Abort() => Send(_peer, new Chunk(ChunkType.Abort, []));

    public void Dispose() => _socket.Dispose();

    private void Associate()
    {
        Chunk init = new(ChunkType.Init, SctpPacket.Words(_tag, Window, Streams, _next));
        Chunk answer = Exchange(init, chunk => chunk.Type == ChunkType.InitAck ? chunk : null, tag: 0);
        _peer = answer.Word(0);
        _received = answer.Word(12) - 1;
        Exchange(new Chunk(ChunkType.CookieEcho, CookieOf(answer)), chunk => chunk.Type == ChunkType.CookieAck ? "established" : null);
    }

    private Chunk Data(string text)
    {
        byte[] body = [.. SctpPacket.Words(_next++, _stream++ & 0xffff, 0), .. Encoding.ASCII.GetBytes(text)];
        return new Chunk(ChunkType.Data, body, WholeMessageAtOnce);
    }

    private Chunk Acknowledgement() => new(ChunkType.Sack, SctpPacket.Words(_received, Window, 0));

    private void Send(uint tag, params Chunk[] chunks) =>
        _socket.Send(_service.Address, new SctpPacket(Local.Port, _service.Port, tag, [.. chunks]));

    /// <summary>Sends a chunk until a chunk comes that is the answer to it.</summary>
    private T Exchange<T>(Chunk sent, Func<Chunk, T?> answer, uint? tag = null)
        where T : class
    {
        for (int i = 0; i < Attempts; i++)
        {
            Send(tag ?? _peer, sent);
            long end = Environment.TickCount64 + (long)Again.TotalMilliseconds;
            while (_socket.Receive(TimeSpan.FromMilliseconds(end - Environment.TickCount64)) is { } got)
            {
                if (IsMine(got.From, got.Packet) && got.Packet.Chunks.Select(chunk => Hear(chunk, answer)).FirstOrDefault(a => a is not null) is { } right)
                {
                    return right;
                }
            }
        }

        throw new IOException($"{sent.Type} of {Local} to {_service} was not answered, association with {Backend ?? "nobody"}.");
    }

    private bool IsMine(IPAddress from, SctpPacket packet) =>
        packet.To == Local.Port && packet.From == _service.Port && from.Equals(_service.Address);

    private T? Hear<T>(Chunk chunk, Func<Chunk, T?> answer)
        where T : class
    {
        if (chunk.Type == ChunkType.Abort)
        {
            throw new IOException($"The association of {Local} with {_service} was broken off, which {Backend ?? "nobody"} had.");
        }

        if (chunk.Type == ChunkType.Heartbeat)
        {
            Send(_peer, chunk with { Type = ChunkType.HeartbeatAck });
        }

        return answer(chunk);
    }

    private static byte[] CookieOf(Chunk initAck)
    {
        ReadOnlySpan<byte> rest = initAck.Body.AsSpan(FixedPart);
        while (rest.Length >= 4)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            if (BinaryPrimitives.ReadUInt16BigEndian(rest) == CookieParameter)
            {
                return rest[4..length].ToArray();
            }

            rest = rest[Math.Min((length + 3) & ~3, rest.Length)..];
        }

        throw new InvalidDataException("INIT ACK has no cookie.");
    }
}
