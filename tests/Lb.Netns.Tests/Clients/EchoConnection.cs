using System.Net;
using System.Net.Sockets;
using System.Text;
using Lb.Netns.Tests.Servers;

namespace Lb.Netns.Tests.Clients;

/// <summary>One TCP connection to an <see cref="EchoServer"/>. Made in the client's namespace.</summary>
internal sealed class EchoConnection : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(30);

    private readonly Socket _socket;
    private readonly IPEndPoint _service;
    private long _exchanges;
    private volatile string? _failure;

    /// <summary>A connection that is not made yet.</summary>
    /// <param name="service">Where it goes.</param>
    /// <param name="from">The client's address; null for that which the kernel chooses.</param>
    public EchoConnection(IPEndPoint service, IPAddress? from = null)
    {
        _service = service;
        _socket = new Socket(service.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (from is not null)
        {
            _socket.Bind(new IPEndPoint(from, 0));
        }
    }

    /// <summary>What the server said first.</summary>
    public Greeting Greeting { get; private set; } = null!;

    /// <summary>The client's own end.</summary>
    public IPEndPoint Local => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>Exchanges that were answered.</summary>
    public long Exchanges => Interlocked.Read(ref _exchanges);

    /// <summary>Why the connection broke; null while it is whole.</summary>
    public string? Failure => _failure;

    public async Task ConnectAsync(CancellationToken stop)
    {
        await _socket.ConnectAsync(_service, stop);
        var line = new StringBuilder();
        byte[] one = new byte[1];
        while (line.Length == 0 || line[^1] != '\n')
        {
            if (await _socket.ReceiveAsync(one, stop) == 0)
            {
                throw new IOException($"{_service} closed the connection after '{line}'.");
            }

            line.Append((char)one[0]);
        }

        Greeting = Greeting.Parse(line.ToString());
    }

    /// <summary>Connects, sends random bytes and expects them back, once.</summary>
    public async Task AskAsync(CancellationToken stop)
    {
        await ConnectAsync(stop);
        byte[] sent = new byte[64];
        Random.Shared.NextBytes(sent);
        await ExchangeOnceAsync(sent, new byte[64]);
    }

    /// <summary>Sends random bytes and expects them back, again and again, until told to stop or broken.</summary>
    public async Task ExchangeAsync(CancellationToken stop)
    {
        byte[] sent = new byte[64];
        byte[] got = new byte[64];
        using var timer = new PeriodicTimer(Pace);
        try
        {
            do
            {
                Random.Shared.NextBytes(sent);
                await ExchangeOnceAsync(sent, got);
                Interlocked.Increment(ref _exchanges);
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end of the scenario.
        }
        catch (Exception e)
        {
            _failure = $"{Greeting.Backend} {Local}: {(e is SocketException s ? s.SocketErrorCode.ToString() : e.Message)}";
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task ExchangeOnceAsync(byte[] sent, byte[] got)
    {
        using var deadline = new CancellationTokenSource(AnswerDeadline);
        await _socket.SendAsync(sent, deadline.Token);
        for (int length = 0; length < sent.Length;)
        {
            int read = await _socket.ReceiveAsync(got.AsMemory(length), deadline.Token);
            if (read == 0)
            {
                throw new IOException("closed by the server");
            }

            length += read;
        }

        if (!got.AsSpan().SequenceEqual(sent))
        {
            throw new IOException("other bytes came back than were sent");
        }
    }
}
