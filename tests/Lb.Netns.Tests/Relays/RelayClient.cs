using System.Net;
using System.Net.Sockets;
using Lb.Netns.Tests.Clients;
using Lb.Testing;

namespace Lb.Netns.Tests.Relays;

/// <summary>Clients of relays that look at how their connection ends.</summary>
internal static class RelayClient
{
    private const int LongestMilliseconds = 20_000;

    /// <summary>One connection after the other, each with a question; how many were not answered.</summary>
    public static int Failures(TestNamespace client, IPEndPoint service, int connections) => Enumerable
        .Range(0, connections)
        .Count(_ =>
        {
            using Socket socket = Connect(client, service);
            return !Answers(socket);
        });

    /// <summary>A connection that is open, from a certain address when that is said.</summary>
    public static Socket Connect(TestNamespace client, IPEndPoint service, string? from = null)
    {
        Socket socket = client.Invoke(() => new Socket(service.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = LongestMilliseconds,
        });
        if (from is not null)
        {
            socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        }

        socket.Connect(service);
        return socket;
    }

    /// <summary>Says something; whether anything comes back.</summary>
    public static bool Answers(Socket socket)
    {
        try
        {
            socket.Send("question\n"u8);
            return socket.Receive(new byte[256]) > 0;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            return false;
        }
    }

    /// <summary>Reads until the connection ends; whether by a reset.</summary>
    public static bool EndsInReset(Socket socket)
    {
        try
        {
            byte[] buffer = new byte[4096];
            while (socket.Receive(buffer) > 0)
            {
            }

            return false;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true;
        }
    }

    /// <summary>How many of these connections each backend has, as "b1 10, b2 30".</summary>
    public static string Shares(this LongLivedConnections load) => string.Join(
        ", ", load.ByBackend.OrderBy(backend => backend.Key, StringComparer.Ordinal).Select(b => $"{b.Key} {b.Value}"));
}
