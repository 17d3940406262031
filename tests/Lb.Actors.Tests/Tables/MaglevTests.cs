using FsCheck.Fluent;
using Lb.Kernel;

namespace Lb.Actors.Tests;

public class MaglevTests
{
    private const int Size = 65_537;

    public static TheoryData<int, string> Pools => new()
    {
        { 2, "equal" }, { 3, "equal" }, { 10, "equal" }, { 100, "equal" }, { 655, "equal" }, { 1000, "equal" },
        { 2, "mixed" }, { 10, "mixed" }, { 100, "mixed" }, { 300, "mixed" },
    };

    [Theory]
    [MemberData(nameof(Pools))]
    public void Every_backend_gets_its_weight_within_one_percent(int backends, string weights)
    {
        MaglevMember[] pool = Pool(backends, weights);
        uint[] slots = Fill(pool, Size);
        double total = pool.Sum(member => (double)member.Weight);
        foreach (MaglevMember member in pool)
        {
            double due = Size * member.Weight / total;
            int has = slots.Count(slot => slot == member.Id);
            Assert.True(Math.Abs(has - due) <= Math.Max(1, due / 100), $"{has} slots where {due:0.0} are due");
        }
    }

    [Theory]
    [MemberData(nameof(Pools))]
    public void A_backend_that_leaves_or_joins_moves_little_more_than_its_own_slots(int backends, string weights)
    {
        MaglevMember[] pool = Pool(backends, weights);
        uint[] before = Fill(pool, Size);
        double total = pool.Sum(member => (double)member.Weight);
        foreach (int gone in new[] { 0, backends / 2, backends - 1 })
        {
            uint[] after = Fill([.. pool.Where((_, index) => index != gone)], Size);
            double moved = (double)before.Where((slot, index) => after[index] != slot).Count() / Size;
            double least = pool[gone].Weight / total;
            Assert.True(moved - least < 0.02, $"{moved:P2} of the slots moved where {least:P2} is the least");
        }
    }

    [Fact]
    public void The_order_of_the_config_does_not_matter() => Properties.Hold(
        from count in Gen.Choose(1, 40)
        from weights in Gen.Choose(0, 65_535).ArrayOf(count)
        from order in Gen.Shuffle(Enumerable.Range(0, count).ToArray())
        select (weights, order),
        100,
        pool =>
        {
            MaglevMember[] members = [.. pool.weights.Select((weight, index) => Member(index + 1, weight))];
            uint[] one = Fill(members, 4_093);
            uint[] other = Fill([.. pool.order.Select(index => members[index])], 4_093);
            Assert.True(one.AsSpan().SequenceEqual(other), "another order gives another table");
        });

    [Fact]
    public void Any_pool_fills_every_slot_by_weight_to_within_a_slot_or_one_percent() => Properties.Hold(
        from size in Gen.Elements(3, 251, 4_093, 16_381)
        from weights in Gen.Choose(0, 300).NonEmptyListOf()
        select (size, weights),
        100,
        pool =>
        {
            MaglevMember[] members = [.. pool.weights.Select((weight, index) => Member(index + 1, weight))];
            uint[] slots = Fill(members, pool.size);
            double total = members.Sum(member => (double)member.Weight);
            foreach (MaglevMember member in members)
            {
                double due = total == 0 ? 0 : pool.size * member.Weight / total;
                int has = slots.Count(slot => slot == member.Id);
                double slack = 1.5 + (due / 100) + (members.Length * member.Weight / total / 2);
                Assert.True(total == 0 || Math.Abs(has - due) <= slack, $"{has} slots where {due:0.00} are due");
                Assert.True(member.Weight > 0 || has == 0, "a weight of 0 has slots");
            }

            Assert.Equal(total == 0, slots.Contains(0u));
        });

    [Fact]
    public void The_id_and_not_the_name_is_written()
    {
        uint[] slots = Fill([Member(1, 1) with { Id = 77 }], 251);
        Assert.All(slots, slot => Assert.Equal(77u, slot));
    }

    [Fact]
    public void A_port_is_another_identity()
    {
        uint[] one = Fill([Member(1, 1), Member(2, 1)], 4_093);
        MaglevMember other = Member(2, 1);
        uint[] two = Fill([Member(1, 1), other with { Identity = other.Identity with { Port = 81 } }], 4_093);
        Assert.False(one.AsSpan().SequenceEqual(two), "the port does not seed the permutation");
    }

    [Fact]
    public void An_identity_twice_is_refused() =>
        Assert.Throws<ArgumentException>(() => Fill([Member(1, 1), Member(1, 2) with { Id = 9 }], 251));

    [Theory]
    [InlineData(-1)]
    [InlineData(65_536)]
    public void A_weight_out_of_range_is_refused(int weight) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Fill([Member(1, weight)], 251));

    [Fact]
    public void The_table_of_a_pool_is_the_same_on_every_machine()
    {
        uint[] slots = Fill([Member(1, 100), Member(2, 50), Member(3, 1)], 251);
        string digest = TableDigest.Of(
            [.. slots.Select(slot => new Slot(slot))],
            Enumerable.Range(1, 3).ToDictionary(id => (uint)id, Configs.Socket));
        // A change here moves flows when nodes of both versions serve a site.
        Assert.Equal("152b43ba4cc6019951d7cfc916c56734", digest);
    }

    internal static MaglevMember Member(int number, int weight) => new(Configs.Socket(number), (uint)number, weight);

    private static MaglevMember[] Pool(int backends, string weights) =>
        [.. Enumerable.Range(1, backends).Select(i => Member(i, weights == "equal" ? 100 : 20 + (i * 7919 % 80)))];

    private static uint[] Fill(MaglevMember[] pool, int size)
    {
        uint[] slots = new uint[size];
        Maglev.Fill(pool, slots);
        return slots;
    }
}
