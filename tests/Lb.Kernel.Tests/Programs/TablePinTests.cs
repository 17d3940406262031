using Lb.Kernel.Handles;
using Lb.Kernel.Maps;
using Lb.Kernel.Programs;
using Lb.Kernel.Tests.Fixtures;

namespace Lb.Kernel.Tests.Programs;

/// <summary>Pins of the tables' inner maps: each that is in use has one, and no other.</summary>
[Collection(KernelCollection.Name)]
public sealed class TablePinTests
{
    [RootFact]
    public void Each_inner_map_in_use_is_pinned_under_its_id_and_no_other()
    {
        using var site = new TestSite();
        using KernelDatapath datapath = site.Open();

        foreach (int slots in (int[])[97, 97, 193, 193, 97])
        {
            datapath.SwapTable(3, Samples.Table(slots));
            AssertPinnedAreThoseInUse(site);
        }

        datapath.SwapTable(5, Samples.Table(11));
        AssertPinnedAreThoseInUse(site, count: 3);
        datapath.DeleteTable(3);
        AssertPinnedAreThoseInUse(site, count: 1);
    }

    [RootFact]
    public void Pin_that_a_crash_left_is_removed_by_the_next_start()
    {
        using var site = new TestSite();
        using (KernelDatapath first = site.Open())
        {
            first.SwapTable(3, Samples.Table(97));
        }

        using (var orphan = SlotArray.Create(7))
        {
            Pins(site).PinTable(orphan.ReadId(), orphan.Descriptor);
        }

        using KernelDatapath second = site.Open();

        AssertPinnedAreThoseInUse(site, count: 1);
        Assert.Equal(Samples.Table(97), second.ReadTable(3));
    }

    [RootFact]
    public void Tables_of_an_older_version_without_pins_are_adopted_and_pinned()
    {
        using var site = new TestSite();
        using (KernelDatapath first = site.Open())
        {
            first.SwapTable(3, Samples.Table(97));
            first.SwapTable(3, Samples.Table(193));
        }

        Directory.Delete(Path.Combine(site.PinRoot, "tables"), recursive: true);

        using KernelDatapath second = site.Open();

        AssertPinnedAreThoseInUse(site, count: 2);
        Assert.Equal(Samples.Table(193), second.ReadTable(3));
    }

    private static SitePins Pins(TestSite site) => new(site.Options.BpfFs, site.Options.Site);

    private static void AssertPinnedAreThoseInUse(TestSite site, int? count = null)
    {
        SitePins pins = Pins(site);
        using var tables = new ArrayOfMaps(MapNames.Tables, pins.OpenMap(MapNames.Tables)!);
        uint[] inUse = [.. Enumerable.Range(0, tables.Capacity).Select(i => tables[(uint)i]).OfType<uint>().Order()];
        Assert.Equal(inUse, pins.PinnedTables().Order());
        Assert.Equal(count ?? inUse.Length, inUse.Length);
        foreach (uint id in inUse)
        {
            using Descriptor pinned = pins.OpenTable(id)!;
            Assert.Equal(id, BpfMap.Describe(pinned, "table").Id);
        }
    }
}
