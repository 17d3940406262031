using System.Net.Sockets;
using System.Security.Cryptography;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Relays;

/// <summary>What a map of sockets does wrong when it is left alone: the order, the end and the amount of what it moves.</summary>
public sealed class SockmapTests
{
    private const int MegabytesHeldBackAtMost = 24;

    public static TheoryData<string> Routes => Route.Relayed;

    [RootTheory]
    [MemberData(nameof(Routes))]
    public async Task Server_that_never_reads_stops_its_client_and_gets_all_of_it_later(string name)
    {
        using Topology topology = Topology.WithBackends(1);
        Route route = Route.Of(name);
        using Socket listener = RelayedPair.Listen(topology.Backends[0]);
        Lbd lbd = Lbd.Start(topology, SockmapBed.Site(topology, route));
        using RelayedPair pair = lbd.OpenInKernel(topology, route, listener);
        byte[] block = RandomNumberGenerator.GetBytes(1 << 20);
        using IncrementalHash sent = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long accepted = 0;

        async Task SendGigabyteAsync()
        {
            for (int i = 0; i < 1024; i++)
            {
                BitConverter.TryWriteBytes(block, i);
                await SockmapBed.SendAsync(pair.Client, block, ends: false);
                sent.AppendData(block);
                Volatile.Write(ref accepted, (long)(i + 1) << 20);
            }

            pair.Client.Shutdown(SocketShutdown.Send);
        }

        Task sending = SendGigabyteAsync();
        lbd.WaitFor(() => lbd.Sockmap().TakenBack == 1, "the guard takes the connection back");
        lbd.WaitForStandstill();

        Assert.False(sending.IsCompleted, "everything was sent although nobody reads");
        Assert.InRange(Volatile.Read(ref accepted) >> 20, 0, MegabytesHeldBackAtMost);
        Assert.Equal(0, lbd.Sockmap().Now);

        (long Length, string Digest) got = await SockmapBed.DigestAsync(pair.Server);
        await sending;

        Assert.Equal((1L << 30, Convert.ToHexString(sent.GetHashAndReset())), got);
        Assert.Equal((1L << 30) + 13, lbd.Relay().Counts.BytesToBackends);
    }

    [RootTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sender_of_single_bytes_is_held_back_too(bool byClient)
    {
        using Topology topology = Topology.WithBackends(1);
        Route route = Route.Of("tproxy-v4");
        using Socket listener = RelayedPair.Listen(topology.Backends[0]);
        Lbd lbd = Lbd.Start(topology, SockmapBed.Site(topology, route));
        using RelayedPair pair = lbd.OpenInKernel(topology, route, listener);
        (Socket from, Socket to) = byClient ? (pair.Client, pair.Server) : (pair.Server, pair.Client);
        from.NoDelay = true;
        byte[] bulk = RandomNumberGenerator.GetBytes(12 << 20);
        byte[] small = RandomNumberGenerator.GetBytes(20_000);

        // What fills the buffers first, then single bytes that each cost the kernel a whole segment.
        async Task SendAllAsync()
        {
            await SockmapBed.SendAsync(from, bulk, ends: false);
            for (int i = 0; i < small.Length; i++)
            {
                await SockmapBed.SendAsync(from, small.AsMemory(i, 1), ends: i == small.Length - 1);
            }
        }

        Task sending = SendAllAsync();
        lbd.WaitFor(() => lbd.Sockmap().TakenBack == 1, "the guard takes the connection back");
        (long Length, string Digest) got = await SockmapBed.DigestAsync(to);
        await sending;

        Assert.Equal((bulk.Length + small.Length, Convert.ToHexString(SHA256.HashData([.. bulk, .. small]))), got);
    }

    [RootTheory]
    [MemberData(nameof(Routes))]
    public void What_comes_before_the_kernel_has_the_connection_does_not_wait(string name)
    {
        using Topology topology = Topology.WithBackends(1);
        Route route = Route.Of(name);
        using Socket listener = RelayedPair.Listen(topology.Backends[0]);
        Lbd lbd = Lbd.Start(topology, SockmapBed.Site(topology, route));

        for (int i = 0; i < 200; i++)
        {
            using RelayedPair pair = RelayedPair.Open(topology, route, listener);
            // The server speaks first in every other one; the client sends three questions without waiting.
            pair.Client.NoDelay = true;
            pair.Server.NoDelay = true;
            if (i % 2 == 0)
            {
                pair.Server.Send("banner"u8);
                Assert.Equal("banner", SockmapBed.ReadText(pair.Client, 6));
            }
            else
            {
                SockmapBed.Exchange(pair);
            }

            pair.Client.Send("one"u8);
            pair.Server.Send("uno"u8);
            pair.Client.Send("two"u8);
            pair.Server.Send("due"u8);
            pair.Client.Send("six"u8);

            Assert.Equal("onetwosix", SockmapBed.ReadText(pair.Server, 9));
            pair.Server.Send("sei"u8);
            Assert.Equal("unoduesei", SockmapBed.ReadText(pair.Client, 9));
        }

        Assert.InRange(lbd.Sockmap().Moved, 150, 200);
    }

    [RootTheory]
    [MemberData(nameof(Routes))]
    public async Task Fin_right_behind_a_large_write_comes_after_all_of_it_in_both_directions(string name)
    {
        using Topology topology = Topology.WithBackends(1);
        Route route = Route.Of(name);
        using Socket listener = RelayedPair.Listen(topology.Backends[0]);
        Lbd lbd = Lbd.Start(topology, SockmapBed.Site(topology, route));

        for (int i = 0; i < 100; i++)
        {
            using RelayedPair pair = lbd.OpenInKernel(topology, route, listener);
            (byte[] up, (long, string) upDigest) = SockmapBed.Random((1 << (10 + (i % 12))) + i);
            (byte[] down, (long, string) downDigest) = SockmapBed.Random((1 << (21 - (i % 12))) + i);

            Task sending = Task.WhenAll(SockmapBed.SendAsync(pair.Client, up), SockmapBed.SendAsync(pair.Server, down));
            (long, string)[] got = await Task.WhenAll(
                SockmapBed.DigestAsync(pair.Server), SockmapBed.DigestAsync(pair.Client));
            await sending;

            Assert.Equal([upDigest, downDigest], got);
        }

        lbd.WaitFor(() => lbd.Relay().Counts.Open == 0, "all connections are closed");
        Assert.Equal(0, lbd.Sockmap().Now);
        Assert.Equal(100, lbd.Relay().Ended("client-fin") + lbd.Relay().Ended("backend-fin"));
    }

    [RootTheory]
    [MemberData(nameof(Routes))]
    public async Task Bare_fin_of_one_side_is_passed_on_and_the_other_side_still_answers(string name)
    {
        using Topology topology = Topology.WithBackends(1);
        Route route = Route.Of(name);
        using Socket listener = RelayedPair.Listen(topology.Backends[0]);
        Lbd lbd = Lbd.Start(topology, SockmapBed.Site(topology, route));

        foreach (bool byClient in (bool[])[true, false])
        {
            using RelayedPair pair = lbd.OpenInKernel(topology, route, listener);
            (Socket first, Socket second) = byClient ? (pair.Client, pair.Server) : (pair.Server, pair.Client);

            first.Shutdown(SocketShutdown.Send);
            Assert.Equal(0, second.Receive(new byte[8]));
            second.Send("still"u8);
            Assert.Equal("still", SockmapBed.ReadText(first, 5));
            (byte[] rest, (long, string) digest) = SockmapBed.Random(3 << 20);
            Task sending = SockmapBed.SendAsync(second, rest);

            Assert.Equal(digest, await SockmapBed.DigestAsync(first));
            await sending;
            string why = byClient ? "client-fin" : "backend-fin";
            lbd.WaitFor(() => lbd.Relay().Ended(why) == 1, $"it has ended by {why}");
        }
    }

    [RootFact]
    public void Side_that_has_ended_already_keeps_its_connection_out_of_the_kernel()
    {
        using Topology topology = Topology.WithBackends(1);
        Route route = Route.Of("tproxy-v4");
        using Socket listener = RelayedPair.Listen(topology.Backends[0]);
        Lbd lbd = Lbd.Start(topology, SockmapBed.Site(topology, route));
        using RelayedPair pair = RelayedPair.Open(topology, route, listener);
        SockmapBed.Exchange(pair);
        pair.Server.Send("last"u8);
        pair.Server.Shutdown(SocketShutdown.Send);
        Assert.Equal("last", SockmapBed.ReadText(pair.Client, 5));

        pair.Client.Send("more"u8);
        Assert.Equal("more", SockmapBed.ReadText(pair.Server, 4));
        pair.Client.Shutdown(SocketShutdown.Send);

        Assert.Equal(0, pair.Server.Receive(new byte[1]));
        lbd.WaitFor(() => lbd.Relay().Counts.Open == 0, "the connection is closed");
        Assert.Equal(0, lbd.Sockmap().Moved);
        Assert.Equal(1, lbd.Sockmap().Fallbacks["half-closed"]);
    }

    [RootFact]
    public void Segment_that_repeats_bytes_adds_only_those_that_are_new()
    {
        using Topology topology = Topology.WithBackends(1);
        Route route = Route.Of("tproxy-v4");
        using Socket listener = RelayedPair.Listen(topology.Backends[0]);
        Lbd lbd = Lbd.Start(topology, SockmapBed.Site(topology, route));
        using RelayedPair pair = lbd.OpenInKernel(topology, route, listener);
        SockmapBed.Exchange(pair);
        (uint sent, uint received) = RawSegment.SequencesOf(pair.Client);

        RawSegment.Send(topology.Client, pair.Client, sent - 8, received, "questionand more"u8);

        Assert.Equal("and more", SockmapBed.ReadText(pair.Server, 8));
        lbd.WaitFor(() => lbd.Sockmap().Bytes == 8 + 6 + 8, "what was repeated is not counted");
    }
}
