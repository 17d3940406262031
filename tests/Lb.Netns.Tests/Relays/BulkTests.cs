using System.Net.Sockets;
using System.Security.Cryptography;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Relays;

/// <summary>Bulk, which goes through pipes inside the kernel: what arrives, what is held back, what is left.</summary>
public sealed class BulkTests
{
    private const int Bytes = 48 << 20;

    /// <summary>So much is read until it counts as bulk; then nobody reads any more.</summary>
    private const int ReadFirst = 12 << 20;

    private const int MegabytesHeldBackAtMost = 40;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Routes => Route.Relayed;

    [RootTheory]
    [MemberData(nameof(Routes))]
    public async Task Bulk_both_ways_that_nobody_reads_for_a_while_arrives_intact(string name)
    {
        using Topology topology = Topology.WithBackends(1);
        Route route = Route.Of(name);
        using Socket listener = RelayedPair.Listen(topology.Backends[0]);
        Lbd lbd = Lbd.Start(topology, Site(topology, route));
        int pipes = lbd.PipeEnds();
        using RelayedPair pair = RelayedPair.Open(topology, route, listener);
        byte[] up = RandomNumberGenerator.GetBytes(Bytes);
        byte[] down = RandomNumberGenerator.GetBytes(Bytes);

        Task sending = Task.WhenAll(SendAsync(pair.Client, up), SendAsync(pair.Server, down));
        byte[][] first = await Task.WhenAll(ReadAsync(pair.Server, ReadFirst), ReadAsync(pair.Client, ReadFirst));
        RelayAnswer stopped = lbd.WaitForStandstill();

        Assert.False(sending.IsCompleted, "everything was sent although nobody reads");
        Assert.InRange(stopped.Counts.BytesToBackends - ReadFirst >> 20, 0, MegabytesHeldBackAtMost);
        Assert.InRange(stopped.Counts.BytesToClients - ReadFirst >> 20, 0, MegabytesHeldBackAtMost);
        Assert.InRange(lbd.PipeEnds() - pipes, 1, 8);

        // Each side ends its own direction while the other one is under way.
        byte[][] rest = await Task.WhenAll(ReadToEndAsync(pair.Server), ReadToEndAsync(pair.Client));
        await sending;

        AssertSame(up, [.. first[0], .. rest[0]]);
        AssertSame(down, [.. first[1], .. rest[1]]);
        lbd.WaitFor(() => lbd.Relay().Counts.Open == 0, "the connection is closed");
        Assert.Equal(Bytes, lbd.Relay().Counts.BytesToBackends);
        Assert.Equal(Bytes, lbd.Relay().Counts.BytesToClients);
        lbd.WaitFor(() => lbd.PipeEnds() == pipes, "the pipes are closed");
    }

    [RootTheory]
    [MemberData(nameof(Routes))]
    public async Task Fin_of_a_direction_comes_after_its_bulk_and_the_other_direction_goes_on(string name)
    {
        using Topology topology = Topology.WithBackends(1);
        Route route = Route.Of(name);
        using Socket listener = RelayedPair.Listen(topology.Backends[0]);
        Lbd lbd = Lbd.Start(topology, Site(topology, route));
        using RelayedPair pair = RelayedPair.Open(topology, route, listener);
        byte[] up = RandomNumberGenerator.GetBytes(Bytes);
        byte[] down = RandomNumberGenerator.GetBytes(Bytes);
        Task sending = SendAsync(pair.Client, up);
        byte[] first = await ReadAsync(pair.Server, ReadFirst);
        lbd.WaitForStandstill();

        AssertSame(up, [.. first, .. await ReadToEndAsync(pair.Server)]);
        await sending;
        Task answering = SendAsync(pair.Server, down);

        AssertSame(down, await ReadToEndAsync(pair.Client));
        await answering;
        lbd.WaitFor(() => lbd.Relay().Counts.Open == 0, "the connection is closed");
    }

    [RootFact]
    public async Task Bulk_that_is_held_back_goes_on_in_the_next_process()
    {
        using Topology topology = Topology.WithBackends(1);
        Route route = Route.Of("tproxy-v4");
        using Socket listener = RelayedPair.Listen(topology.Backends[0]);
        Lbd lbd = Lbd.Start(topology, Site(topology, route));
        int pipes = lbd.PipeEnds();
        using RelayedPair pair = RelayedPair.Open(topology, route, listener);
        byte[] up = RandomNumberGenerator.GetBytes(Bytes);
        Task sending = SendAsync(pair.Client, up);
        byte[] first = await ReadAsync(pair.Server, ReadFirst);
        lbd.WaitForStandstill();
        Assert.InRange(lbd.PipeEnds() - pipes, 1, 8);

        lbd.HandOver();

        AssertSame(up, [.. first, .. await ReadToEndAsync(pair.Server)]);
        await sending;
    }

    [RootTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reset_while_bulk_is_held_back_is_passed_on_and_nothing_is_left(bool byClient)
    {
        using Topology topology = Topology.WithBackends(1);
        Route route = Route.Of("tproxy-v4");
        using Socket listener = RelayedPair.Listen(topology.Backends[0]);
        Lbd lbd = Lbd.Start(topology, Site(topology, route));
        int pipes = lbd.PipeEnds();
        int sockets = lbd.Sockets();
        using RelayedPair pair = RelayedPair.Open(topology, route, listener);
        Task sending = SendAsync(pair.Server, new byte[Bytes]);
        await ReadAsync(pair.Client, ReadFirst);
        lbd.WaitForStandstill();
        Assert.InRange(lbd.PipeEnds() - pipes, 1, 8);

        RelayedPair.Reset(byClient ? pair.Client : pair.Server);

        await Assert.ThrowsAnyAsync<Exception>(() => sending);
        if (!byClient)
        {
            await Assert.ThrowsAsync<SocketException>(() => ReadToEndAsync(pair.Client));
        }

        lbd.WaitFor(() => lbd.Relay().Counts.Open == 0, "the connection is gone");
        lbd.WaitFor(() => lbd.PipeEnds() == pipes, "the pipes are closed");
        lbd.WaitFor(() => lbd.Sockets() <= sockets, "the sockets are closed");
    }

    [RootFact]
    public async Task Urgent_bytes_do_not_stop_bulk()
    {
        using Topology topology = Topology.WithBackends(1);
        Route route = Route.Of("tproxy-v4");
        using Socket listener = RelayedPair.Listen(topology.Backends[0]);
        Lbd lbd = Lbd.Start(topology, Site(topology, route));
        using RelayedPair pair = RelayedPair.Open(topology, route, listener);
        byte[] first = RandomNumberGenerator.GetBytes(Bytes);
        byte[] second = RandomNumberGenerator.GetBytes(Bytes);

        async Task SendAllAsync()
        {
            for (int at = 0; at < Bytes;)
            {
                at += await pair.Client.SendAsync(first.AsMemory(at));
            }

            Assert.Equal(1, await pair.Client.SendAsync(new byte[] { 1 }, SocketFlags.OutOfBand));
            await SendAsync(pair.Client, second);
        }

        Task sending = SendAllAsync();
        byte[] begin = await ReadAsync(pair.Server, ReadFirst);
        lbd.WaitForStandstill();

        // The urgent byte itself is not part of the stream.
        AssertSame([.. first, .. second], [.. begin, .. await ReadToEndAsync(pair.Server)]);
        await sending;
    }

    private static SiteSpec Site(Topology topology, Route route) =>
        route.TcpSite(topology, backends: 1).ChangeAll(service => service with { Check = "none" });

    private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes)..];
        }

        socket.Shutdown(SocketShutdown.Send);
    }

    private static Task<byte[]> ReadToEndAsync(Socket socket) => ReadAsync(socket, int.MaxValue);

    private static async Task<byte[]> ReadAsync(Socket socket, int atMost)
    {
        using CancellationTokenSource late = new(Patience);
        using MemoryStream all = new();
        byte[] buffer = new byte[10_000];
        int length;
        while (all.Length < atMost && (length = await socket.ReceiveAsync(buffer, late.Token)) > 0)
        {
            all.Write(buffer, 0, length);
        }

        return all.ToArray();
    }

    private static void AssertSame(byte[] sent, byte[] got)
    {
        Assert.Equal(sent.Length, got.Length);
        Assert.True(sent.AsSpan().SequenceEqual(got), "other bytes arrived than were sent");
    }
}
