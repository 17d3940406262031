using Lb.Kernel.Tests.Fixtures;

namespace Lb.Kernel.Tests.Datapath;

[Collection(KernelCollection.Name)]
public sealed class TableTests : LoadedDatapathFixture
{
    private const uint Table = 3;

    [RootFact]
    public void Table_that_was_never_written_is_not_there() => Assert.Null(Datapath.ReadTable(Table));

    [RootTheory]
    [InlineData(1)]
    [InlineData(97)]
    [InlineData(65_537)]
    public void Table_is_read_as_swapped_in(int slots)
    {
        Datapath.SwapTable(Table, Samples.Table(slots));

        Assert.Equal(Samples.Table(slots), Datapath.ReadTable(Table));
    }

    [RootFact]
    public void What_is_expected_is_what_was_read_when_each_slot_is_so()
    {
        Datapath.SwapTable(Table, Samples.Table(193));
        Slot[] same = Samples.Table(193);
        Assert.Same(same, Datapath.ReadTable(Table, same));

        foreach (int other in new[] { 0, 100, 192 })
        {
            Slot[] expected = Samples.Table(193);
            expected[other] = new Slot(expected[other].Current, 7, windowOver: true);
            Slot[]? read = Datapath.ReadTable(Table, expected);
            Assert.NotSame(expected, read);
            Assert.Equal(same, read);
        }

        Assert.Equal(same, Datapath.ReadTable(Table, Samples.Table(192)));
        Assert.Null(Datapath.ReadTable(Table + 1, same));
    }

    [RootTheory]
    [InlineData(97, 97, 97)]
    [InlineData(97, 193, 97)]
    [InlineData(193, 97, 389)]
    public void Each_swap_replaces_the_whole_table_and_the_service_follows(params int[] lengths)
    {
        Datapath.SwapTable(Table, Samples.Table(11));
        Datapath.WriteService(Samples.Vip4, Samples.Service with { Table = Table, Slots = 11 });
        uint first = 100;
        foreach (int slots in lengths)
        {
            Datapath.SwapTable(Table, Samples.Table(slots, ++first));

            Assert.Equal(Samples.Table(slots, first), Datapath.ReadTable(Table));
            ServiceEntry service = Assert.Single(Datapath.ReadServices()).Value;
            Assert.Equal((Table, (uint)slots), (service.Table, service.Slots));
        }
    }

    [RootFact]
    public void Table_that_no_service_names_yet_is_found_by_the_service_that_comes()
    {
        Datapath.SwapTable(Table, Samples.Table(97, first: 1));
        Datapath.SwapTable(Table, Samples.Table(97, first: 50));
        Datapath.WriteService(Samples.Vip4, Samples.Service with { Table = Table, Slots = 97 });

        Assert.Equal(Samples.Table(97, first: 50), Datapath.ReadTable(Table));
    }

    [RootFact]
    public void Slots_are_overwritten_in_place()
    {
        Slot[] expected = Samples.Table(97);
        Datapath.SwapTable(Table, expected);
        expected[0] = new Slot(40);
        expected[96] = new Slot(41, 42, windowOver: true);

        Datapath.WriteSlots(Table, [new(0, expected[0]), new(96, expected[96])]);

        Assert.Equal(expected, Datapath.ReadTable(Table));
    }

    [RootFact]
    public void Slots_outside_of_the_table_are_refused_and_none_is_written()
    {
        Datapath.SwapTable(Table, Samples.Table(97));

        Assert.Throws<InvalidOperationException>(
            () => Datapath.WriteSlots(Table, [new(0, new Slot(9)), new(97, new Slot(9))]));
        Assert.Throws<InvalidOperationException>(() => Datapath.WriteSlots(Table + 1, [new(0, new Slot(9))]));
        Assert.Equal(Samples.Table(97), Datapath.ReadTable(Table));
    }

    [RootFact]
    public void Deleted_table_is_gone_whichever_buffer_was_live()
    {
        Datapath.SwapTable(Table, Samples.Table(97));
        Datapath.SwapTable(Table, Samples.Table(97, first: 50));

        Datapath.DeleteTable(Table);

        Assert.Null(Datapath.ReadTable(Table));
    }

    [RootFact]
    public void Table_beyond_the_limit_is_refused() => Assert.Throws<InvalidOperationException>(
        () => Datapath.SwapTable((uint)Datapath.ServiceLimit, Samples.Table(1)));
}
