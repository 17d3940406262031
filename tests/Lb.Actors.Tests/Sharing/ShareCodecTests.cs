using System.Collections.Immutable;
using System.Net;
using Lb.Kernel;

namespace Lb.Actors.Tests.Sharing;

/// <summary>The bytes of what nodes tell each other of flows. Nodes of another version read them: they do not change.</summary>
public sealed class ShareCodecTests
{
    private static readonly long s_second = TimeSpan.TicksPerSecond;

    [Fact]
    public void Messages_are_read_as_they_were_written()
    {
        ShareMessage[] messages =
        [
            new ShareMessage.Alive(7, 5, 2, Established: true, 9, 4),
            new ShareMessage.Alive(7, 5, 2, Established: false, 0, 0),
            new ShareMessage.Missing(7, 3, 8),
            new ShareMessage.Ask(12, 34),
        ];
        Assert.All(messages, message => Assert.Equal(message, ShareCodec.Read(ShareCodec.Write(message))));
    }

    [Fact]
    public void Entries_are_read_as_they_were_written_and_fit_into_messages()
    {
        Random random = new(11);
        SharedFlow[] entries = [.. Enumerable.Range(0, 2000).Select(_ => RandomFlow(random))];
        List<SharedFlow> read = [];
        foreach (ImmutableArray<SharedFlow> part in FlowCodec.Pack(entries, ShareCodec.Room))
        {
            byte[] part1 = ShareCodec.Write(new ShareMessage.Part(1, 2, new ShareContent.Flows(part)));
            byte[] page = ShareCodec.Write(new ShareMessage.Page(1, 2, 3, 4, 5, new ShareContent.Flows(part)));
            Assert.InRange(page.Length, 1, ShareCodec.Longest);
            ShareMessage.Part told = Assert.IsType<ShareMessage.Part>(ShareCodec.Read(part1));
            ShareMessage.Page asked = Assert.IsType<ShareMessage.Page>(ShareCodec.Read(page));
            Assert.Equal((1, 2, 3, 4, 5), (asked.Feed, asked.At, asked.Session, asked.Index, asked.Total));
            Assert.Equal(part.AsEnumerable(), ((ShareContent.Flows)asked.Content).Entries);
            read.AddRange(((ShareContent.Flows)told.Content).Entries);
        }

        Assert.Equal(entries.ToHashSet(), read.ToHashSet());
        Assert.Equal(entries.Length, read.Count);
    }

    [Fact]
    public void Entries_of_one_service_take_little_room()
    {
        SharedFlow[] entries = [.. Enumerable.Range(1, 120).Select(port => new SharedFlow(1, 2, IPAddress.Loopback, (ushort)port, default, true))];
        Assert.Single(FlowCodec.Pack(entries, ShareCodec.Room));
    }

    [Fact]
    public void Slots_are_read_as_they_were_written_and_fit_into_messages()
    {
        Random random = new(12);
        List<SlotRun> runs = [];
        for (int at = 0; at < 65_000;)
        {
            at += random.Next(20);
            int length = 1 + random.Next(random.Next(20) == 0 ? 400 : 3);
            runs.Add(new SlotRun(at, length, new SlotState((ulong)random.Next(3), (SlotStep)(1 + random.Next(2)), random.Next(2) == 0, s_second * random.Next(4))));
            at += length;
        }

        SlotReport report = new(5, 6, 65_537, [.. runs]);
        ImmutableArray<ShareContent.Slots> parts = SlotCodec.Pack(report, serial: 9, now: 10 * s_second, ShareCodec.Room);
        List<ShareContent.Slots> read = [];
        foreach (ShareContent.Slots part in parts)
        {
            byte[] page = ShareCodec.Write(new ShareMessage.Page(1, 2, 3, 4, 5, part));
            Assert.InRange(page.Length, 1, ShareCodec.Longest);
            ShareMessage.Page told = Assert.IsType<ShareMessage.Page>(ShareCodec.Read(page));
            ShareContent.Slots slots = Assert.IsType<ShareContent.Slots>(told.Content);
            Assert.Equal((9, part.Index, parts.Length, 5UL), (slots.Serial, slots.Index, slots.Total, slots.Service));
            read.Add(slots);
        }

        // The reader's clock stands elsewhere: what goes over is an age.
        SlotReport unpacked = SlotCodec.Unpack(read, now: 50 * s_second)!;
        Assert.Equal((5UL, 6UL, 65_537), (unpacked.Service, unpacked.Digest, unpacked.Slots));
        Assert.Equal(
            report.Runs.Select(run => run with { State = run.State with { Since = (40 * s_second) + run.State.Since } }),
            unpacked.Runs);
    }

    [Fact]
    public void A_table_of_which_every_slot_has_moved_takes_two_or_three_bytes_a_slot()
    {
        Random random = new(14);
        SlotRuns runs = [.. Enumerable.Range(0, 65_537).Select(slot => new SlotRun(
            slot, 1, new SlotState((ulong)random.Next(50), SlotStep.Moved, Busy: true, s_second * 10 * random.Next(8))))];

        ImmutableArray<ShareContent.Slots> parts = SlotCodec.Pack(new SlotReport(5, 6, 65_537, runs), 1, 0, ShareCodec.Room);

        Assert.InRange(parts.Sum(part => part.Bytes.Length), 2 * 65_537, 3 * 65_537);
        Assert.InRange(parts.Length, 1, 230);
    }

    [Fact]
    public void What_is_damaged_is_not_read()
    {
        Random random = new(13);
        byte[][] good =
        [
            ShareCodec.Write(new ShareMessage.Part(1, 2, new ShareContent.Flows([RandomFlow(random), RandomFlow(random)]))),
            ShareCodec.Write(new ShareMessage.Part(1, 2, SlotCodec.Pack(
                new SlotReport(5, 6, 100, [new SlotRun(3, 9, new SlotState(1, SlotStep.Moved, true, 0))]), 1, 0, ShareCodec.Room)[0])),
        ];
        int unpacked = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = [.. good[i % good.Length]];
            int at = random.Next(bytes.Length);
            bytes[at] ^= (byte)(1 << random.Next(8));
            // Read or not, but without an exception, and within bounds.
            ShareMessage? read = ShareCodec.Read(bytes.AsSpan(0, random.Next(bytes.Length + 1)));
            if (read is ShareMessage.Part { Content: ShareContent.Slots slots } && SlotCodec.Unpack([slots], 0) is { } report)
            {
                unpacked++;
                Assert.All(report.Runs, run => Assert.InRange(run.End, 0, report.Slots));
            }
        }

        Assert.InRange(unpacked, 1, 9_999);

        Assert.Null(ShareCodec.Read([]));
        Assert.Null(ShareCodec.Read([9, .. good[0].AsSpan(1)]));
    }

    [Fact]
    public void Bytes_are_these()
    {
        Assert.Equal(
            "01010000000000000007000000000000000500000000000000020100000000000000090000000000000004",
            Convert.ToHexString(ShareCodec.Write(new ShareMessage.Alive(7, 5, 2, Established: true, 9, 4))));
        Assert.Equal(
            "010300000000000000010000000000000002" + "01" + "0000000000000003" + "00" + "01" + "0001" + "0000000000000004" + "80" + "1F90" + "7F000001",
            Convert.ToHexString(ShareCodec.Write(new ShareMessage.Part(
                1, 2, new ShareContent.Flows([new SharedFlow(3, 4, IPAddress.Loopback, 8080, default, Opened: true)])))));
        Assert.Equal(
            "010300000000000000010000000000000002" + "03" + "0000000000000009" + "0000" + "0001" + "0000000000000005" + "0000000000000006"
            + "00000064" + "01" + "0000000000000001" + "81" + "0A" + "38" + "00",
            Convert.ToHexString(ShareCodec.Write(new ShareMessage.Part(1, 2, SlotCodec.Pack(
                new SlotReport(5, 6, 100, [new SlotRun(3, 9, new SlotState(1, SlotStep.Moved, true, 0))]), 9, 10 * s_second, ShareCodec.Room)[0]))));
    }

    private static SharedFlow RandomFlow(Random random)
    {
        byte[] address = new byte[random.Next(2) == 0 ? 4 : 16];
        random.NextBytes(address);
        return new SharedFlow(
            (ulong)random.Next(3),
            (ulong)random.Next(300),
            new IPAddress(address),
            (ushort)random.Next(ushort.MaxValue),
            random.Next(2) == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(random.Next(3)),
            random.Next(2) == 0)
        {
            Vip = random.Next(3) == 0 ? new IPAddress([.. address.Reverse()]) : null,
            VipPort = 0,
        };
    }

    [Fact]
    public void Entry_of_a_range_has_what_its_client_asked_for()
    {
        SharedFlow entry = new(3, 4, IPAddress.Loopback, 8080, TimeSpan.FromSeconds(2), Opened: true)
        {
            Vip = IPAddress.Parse("203.0.113.7"),
            VipPort = 5000,
        };
        byte[] bytes = ShareCodec.Write(new ShareMessage.Part(1, 2, new ShareContent.Flows([entry])));
        Assert.Equal(
            "010300000000000000010000000000000002" + "01" + "0000000000000003" + "06" + "01" + "0001" + "0000000000000004"
            + "80" + "1F90" + "7F000001" + "0002" + "1388" + "CB007107",
            Convert.ToHexString(bytes));
        SharedFlow read = Assert.Single(((ShareContent.Flows)((ShareMessage.Part)ShareCodec.Read(bytes)!).Content).Entries);
        Assert.Equal(entry, read);
        Assert.Equal(
            new Flow(IPAddress.Loopback, 8080, IPAddress.Parse("203.0.113.7"), 5000, TransportProtocol.Udp),
            read.Of(Endpoint.Of(IPNetwork.Parse("203.0.113.0/24"), 5000, 5999, TransportProtocol.Udp)));
        Assert.Null(read.Of(Endpoint.Of(IPNetwork.Parse("203.0.113.0/24"), 5001, 5999, TransportProtocol.Udp)));
        Assert.Null(read.Of(new Endpoint(IPAddress.Parse("203.0.113.7"), 5000, TransportProtocol.Udp)));
    }
}
