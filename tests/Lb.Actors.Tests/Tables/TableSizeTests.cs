using Lb.Kernel;

namespace Lb.Actors.Tests;

public class TableSizeTests
{
    [Theory]
    [InlineData(0, 4_093)]
    [InlineData(7, 4_093)]
    [InlineData(8, 16_381)]
    [InlineData(31, 16_381)]
    [InlineData(32, 65_537)]
    [InlineData(900, 65_537)]
    public void The_size_follows_the_configured_pool(int backends, int size) =>
        Assert.Equal(size, TableSize.Choose(Pool(backends), present: 0));

    [Theory]
    [InlineData(3, 16_381, 16_381)]
    [InlineData(3, 65_537, 65_537)]
    [InlineData(32, 16_381, 65_537)]
    [InlineData(2, 2_039, 2_039)]
    public void A_table_that_is_large_enough_keeps_its_size(int backends, int present, int size) =>
        Assert.Equal(size, TableSize.Choose(Pool(backends), present));

    [Fact]
    public void A_configured_size_holds() =>
        Assert.Equal(251, TableSize.Choose(Pool(40) with { Slots = 251 }, present: 65_537));

    [Fact]
    public void A_larger_table_continues_the_slots_of_the_smaller_one()
    {
        Slot[] old = [.. Enumerable.Range(1, 251).Select(id => new Slot((uint)id))];
        Slot[] carried = TableSize.Carry(old, 4_093);
        // A flow's place is its hash as a share of the whole range.
        int same = Enumerable.Range(0, 100_000).Count(i => At(old, i) == At(carried, i));
        Assert.True(same > 96_900, $"{100_000 - same} of 100000 flows lose their backend");

        static Slot At(Slot[] slots, int place) => slots[(int)((long)place * slots.Length / 100_000)];
    }

    [Fact]
    public void Nothing_is_carried_over_from_no_table() =>
        Assert.All(TableSize.Carry([], 251), slot => Assert.Equal(default, slot));

    private static ServiceConfig Pool(int backends) =>
        Configs.Service([.. Enumerable.Range(1, backends).Select(i => Configs.Backend(i))]) with { Slots = 0 };
}
