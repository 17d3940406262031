using System.Net.Sockets;
using System.Security.Cryptography;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;

namespace Lb.Netns.Tests.Relays;

/// <summary>Connections that the kernel carries, with both ends in the test's hands.</summary>
internal static class SockmapBed
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Service of a route that the kernel carries.</summary>
    public static SiteSpec Site(Topology topology, Route route, string more = "") =>
        route.TcpSite(topology, backends: topology.Backends.Count)
            .ChangeAll(service => service with { Check = "none", Relay = $"engine = sockmap\n{more}" });

    /// <summary>What the kernel carries.</summary>
    public static SockmapAnswer Sockmap(this Lbd lbd) =>
        lbd.Relay().Sockmap ?? throw new InvalidOperationException("The service is not one for the kernel.");

    /// <summary>A connection that was asked, answered, and asked again: the kernel has it.</summary>
    public static RelayedPair OpenInKernel(this Lbd lbd, Topology topology, Route route, Socket listener)
    {
        long before = lbd.Sockmap().Moved;
        RelayedPair pair = RelayedPair.Open(topology, route, listener);
        Exchange(pair);
        pair.Client.Send("again"u8);
        Assert.Equal("again", ReadText(pair.Server, 5));
        lbd.WaitFor(() => lbd.Sockmap().Moved == before + 1, "the kernel has the connection");
        return pair;
    }

    /// <summary>A question and an answer.</summary>
    public static void Exchange(RelayedPair pair)
    {
        pair.Client.Send("question"u8);
        Assert.Equal("question", ReadText(pair.Server, 8));
        pair.Server.Send("answer"u8);
        Assert.Equal("answer", ReadText(pair.Client, 6));
    }

    /// <summary>Reads so many bytes.</summary>
    public static string ReadText(Socket socket, int length)
    {
        byte[] bytes = new byte[length];
        int at = 0;
        while (at < length && socket.Receive(bytes, at, length - at, SocketFlags.None) is > 0 and var read)
        {
            at += read;
        }

        return System.Text.Encoding.ASCII.GetString(bytes, 0, at);
    }

    /// <summary>Sends all of it, and a FIN when that is asked for.</summary>
    public static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes, bool ends = true)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes)..];
        }

        if (ends)
        {
            socket.Shutdown(SocketShutdown.Send);
        }
    }

    /// <summary>Reads to the FIN; how much there was, and its digest.</summary>
    public static async Task<(long Length, string Digest)> DigestAsync(Socket socket)
    {
        using CancellationTokenSource late = new(Patience);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[64 * 1024];
        long length = 0;
        while (await socket.ReceiveAsync(buffer, late.Token) is > 0 and var read)
        {
            hash.AppendData(buffer, 0, read);
            length += read;
        }

        return (length, Convert.ToHexString(hash.GetHashAndReset()));
    }

    /// <summary>Bytes, and what <see cref="DigestAsync"/> says of them.</summary>
    public static (byte[] Bytes, (long Length, string Digest) Digest) Random(int length)
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(length);
        return (bytes, (length, Convert.ToHexString(SHA256.HashData(bytes))));
    }
}
