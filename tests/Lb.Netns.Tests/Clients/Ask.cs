using System.Net;
using System.Net.Sockets;
using System.Text;
using Lb.Netns.Tests.Servers;
using Lb.Testing;

namespace Lb.Netns.Tests.Clients;

/// <summary>Single questions to a service: which backend answers, and which client did it see?</summary>
internal static class Ask
{
    private const int TcpTimeoutMilliseconds = 10_000;
    private const int UdpTimeoutMilliseconds = 10_000;

    /// <summary>Opens a TCP connection and reads the greeting.</summary>
    public static (Greeting Greeting, IPEndPoint Local) Tcp(TestNamespace client, IPEndPoint service) =>
        client.Invoke(() =>
        {
            using var connection = new EchoConnection(service);
            using var deadline = new CancellationTokenSource(TcpTimeoutMilliseconds);
            connection.ConnectAsync(deadline.Token).GetAwaiter().GetResult();
            return (connection.Greeting, connection.Local);
        });

    /// <summary>As <see cref="Tcp"/>; null when nobody answers.</summary>
    public static string? TryTcp(TestNamespace client, IPEndPoint service)
    {
        try
        {
            return Tcp(client, service).Greeting.Backend;
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Sends a datagram and reads the answer; throws what the kernel reports, such as a refusal.</summary>
    public static (Greeting Greeting, IPEndPoint Local) Udp(TestNamespace client, IPEndPoint service) =>
        client.Invoke(() =>
        {
            using Socket socket = OpenUdp(service);
            return (AskUdp(socket, "hello"), (IPEndPoint)socket.LocalEndPoint!);
        });

    /// <summary>Sends a datagram a second until the kernel reports an error; null when there was none in time.</summary>
    /// <remarks>Neither a datagram nor the ICMP error about it is sent again by anybody else.</remarks>
    public static SocketError? UdpError(TestNamespace client, IPEndPoint service) =>
        client.Invoke<SocketError?>(() =>
        {
            using Socket socket = OpenUdp(service);
            socket.ReceiveTimeout = 1000;
            for (int left = 15; left > 0; left--)
            {
                try
                {
                    AskUdp(socket, "hello");
                }
                catch (SocketException e) when (e.SocketErrorCode != SocketError.TimedOut)
                {
                    return e.SocketErrorCode;
                }
                catch (SocketException)
                {
                    // Nothing came back for this one.
                }
            }

            return null;
        });

    /// <summary>A connected UDP socket; made on a thread that is in the namespace.</summary>
    /// <param name="service">Where it goes.</param>
    /// <param name="from">The client's address; null for that which the kernel chooses.</param>
    public static Socket OpenUdp(IPEndPoint service, IPAddress? from = null)
    {
        var socket = new Socket(service.AddressFamily, SocketType.Dgram, ProtocolType.Udp)
        {
            ReceiveTimeout = UdpTimeoutMilliseconds,
        };
        if (from is not null)
        {
            socket.Bind(new IPEndPoint(from, 0));
        }

        socket.Connect(service);
        return socket;
    }

    public static Greeting AskUdp(Socket socket, string text)
    {
        byte[] buffer = new byte[2048];
        socket.Send(Encoding.ASCII.GetBytes(text));
        int length = socket.Receive(buffer);
        string answer = Encoding.ASCII.GetString(buffer, 0, length);
        return answer.EndsWith($" {text}", StringComparison.Ordinal)
            ? Greeting.Parse(answer)
            : throw new InvalidDataException($"'{text}' was answered with '{answer}'.");
    }

    /// <summary>Sends datagrams of 4,000 bytes until one is answered whole: which backend does? The first is what its sender learns from.</summary>
    public static string InFragments(TestNamespace client, IPEndPoint service)
    {
        using Socket socket = client.Invoke(() => OpenUdp(service));
        socket.ReceiveTimeout = 1000;
        string text = new('x', 4000);
        byte[] answer = new byte[8192];
        for (int left = 15; left > 0; left--)
        {
            try
            {
                socket.Send(Encoding.ASCII.GetBytes(text));
                string back = Encoding.ASCII.GetString(answer, 0, socket.Receive(answer));
                return back.EndsWith($" {text}", StringComparison.Ordinal)
                    ? Greeting.Parse(back).Backend
                    : throw new InvalidDataException($"{back.Length} bytes came back");
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut or SocketError.MessageSize)
            {
                // This one did not fit; its sender knows now what does.
            }
        }

        throw new TimeoutException($"{service} answered no datagram that came in fragments");
    }

    /// <summary>Which backends answer a number of new connections, with how many each.</summary>
    public static IReadOnlyDictionary<string, int> Spread(TestNamespace client, IPEndPoint service, int connections) =>
        client.Invoke(() => Enumerable.Range(0, connections)
            .Select(_ =>
            {
                using var connection = new EchoConnection(service);
                using var deadline = new CancellationTokenSource(TcpTimeoutMilliseconds);
                connection.ConnectAsync(deadline.Token).GetAwaiter().GetResult();
                return connection.Greeting.Backend;
            })
            .CountBy(name => name)
            .ToDictionary(p => p.Key, p => p.Value));
}
