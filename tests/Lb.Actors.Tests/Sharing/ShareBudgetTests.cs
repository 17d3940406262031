namespace Lb.Actors.Tests.Sharing;

/// <summary>How much a node says of slots, however much changes.</summary>
public sealed class ShareBudgetTests
{
    private const int Services = 100;
    private const int Slots = 65_537;
    private static readonly long s_tick = TimeSpan.FromMilliseconds(50).Ticks;

    [Fact]
    public void Slots_that_change_without_end_take_a_bounded_part_of_the_network_and_are_told_as_they_are_in_the_end()
    {
        ShareBook book = Book();
        Dictionary<ulong, SlotReport> last = [];
        Reader reader = new();
        Random random = new(3);
        long now = 0;
        for (int turn = 0; turn < 200; turn++, now += s_tick)
        {
            // Each change moves slots anew: half of a table, each unlike its neighbours.
            SlotReport report = Report((ulong)(turn % Services), random);
            last[report.Service] = report;
            book.OnReport(report, joined: 1, now);
            book.Tick(now);
            reader.Read(book.Drain(), now);
        }

        double seconds = (double)now / TimeSpan.TicksPerSecond;
        Assert.InRange(reader.Messages, ShareTimes.SlotRate, ShareTimes.SlotBurst + (ShareTimes.SlotRate * seconds) + 200);
        Assert.InRange(book.Report(now).Untold, 1, Services);
        Assert.False(book.IsFlushed);
        for (; book.Report(now).Untold > 0; now += s_tick)
        {
            book.Tick(now);
            reader.Read(book.Drain(), now);
        }

        Assert.Equal(Services, reader.Known.Count);
        Assert.All(last.Values, report => Assert.Equal(
            report.Runs,
            reader.Known[report.Service].Runs.Select(run => run with { State = run.State with { Since = 0 } })));
    }

    [Fact]
    public void One_small_change_is_told_at_once()
    {
        ShareBook book = Book();
        Reader reader = new();
        book.OnReport(new SlotReport(7, 1, Slots, [new SlotRun(5, 1, new SlotState(1, SlotStep.Moved, Busy: true, 0))]), joined: 1, 0);
        reader.Read(book.Drain(), 0);
        Assert.Equal([7UL], reader.Known.Keys);
    }

    [Fact]
    public void All_that_waits_is_told_before_the_end()
    {
        ShareBook book = Book();
        Reader reader = new();
        Random random = new(4);
        for (ulong service = 0; service < 20; service++)
        {
            book.OnReport(Report(service, random), joined: 1, 0);
        }

        reader.Read(book.Drain(), 0);
        Assert.InRange(reader.Known.Count, 1, 19);
        book.Hurry(0);
        reader.Read(book.Drain(), 0);
        Assert.Equal((20, 0), (reader.Known.Count, book.Report(0).Untold));
    }

    private static ShareBook Book()
    {
        ShareBook book = new("a", feed: 1);
        book.OnMembers([new VoteMember("a", IsReachable: true, IsLost: false), new VoteMember("b", IsReachable: true, IsLost: false)], isIn: true, 0);
        book.Drain();
        return book;
    }

    private static SlotReport Report(ulong service, Random random) => new(
        service,
        (ulong)random.NextInt64(),
        Slots,
        [
            .. Enumerable.Range(0, Slots / 2).Select(i => new SlotRun(
                2 * i, 1, new SlotState((ulong)random.Next(50), SlotStep.Moved, Busy: true, 0))),
        ]);

    /// <summary>The other node: counts messages of slots, and knows what was told whole.</summary>
    private sealed class Reader
    {
        private readonly Dictionary<(ulong Service, long Serial), List<ShareContent.Slots>> _parts = [];

        public int Messages { get; private set; }

        public Dictionary<ulong, SlotReport> Known { get; } = [];

        public void Read(IEnumerable<ShareEffect> effects, long now)
        {
            foreach (ShareContent.Slots part in effects.OfType<ShareEffect.Send>()
                .Select(send => ShareCodec.Read(send.Message))
                .OfType<ShareMessage.Part>()
                .Select(part => part.Content)
                .OfType<ShareContent.Slots>())
            {
                Messages++;
                if (!_parts.TryGetValue((part.Service, part.Serial), out List<ShareContent.Slots>? parts))
                {
                    _parts[(part.Service, part.Serial)] = parts = [];
                }

                parts.Add(part);
                if (parts.Count == part.Total)
                {
                    Known[part.Service] = SlotCodec.Unpack(parts, now)!;
                }
            }
        }
    }
}
