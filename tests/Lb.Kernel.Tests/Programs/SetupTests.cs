using System.Net;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;
using Lb.Kernel.Programs;
using Lb.Kernel.Tests.Fixtures;

namespace Lb.Kernel.Tests.Programs;

/// <summary>What is found and mended of a site's set-up, beside the scenarios with traffic.</summary>
[Collection(KernelCollection.Name)]
public sealed class SetupTests
{
    [RootFact]
    public void Program_replaced_in_its_link_is_found_and_put_back()
    {
        using var site = new TestSite();
        using KernelDatapath datapath = site.Open();
        Assert.Empty(Check(site, datapath));
        using LoadedDatapath foreign = new DatapathSpec(TestSite.Small, 0).Load();
        using (var link = new XdpLink(new SitePins(site.Options.BpfFs, "test").OpenLink(datapath.Attachments[0].InterfaceIndex)!, 0))
        {
            link.Replace(foreign.Program.Descriptor);
        }

        SetupFault fault = Assert.Single(Check(site, datapath));
        Assert.Equal(SetupPart.Interface, fault.Part);
        Assert.Contains($"carries XDP program {foreign.Program.ReadId()}", fault.What, StringComparison.Ordinal);
        site.Node.Invoke(() => datapath.MendSetup(fault));
        Assert.Equal((int)datapath.Program.ReadId(), site.ProgramOn("eth0"));
        Assert.Empty(Check(site, datapath));
    }

    [RootFact]
    public void Pin_that_is_of_another_map_is_found_and_replaced()
    {
        using var site = new TestSite();
        using KernelDatapath datapath = site.Open();
        string flows = Path.Combine(site.PinRoot, "maps", "lb_flows4");
        File.Delete(flows);
        Command.Run("bpftool", "map", "pin", "pinned", Path.Combine(site.PinRoot, "maps", "lb_flows6"), flows);

        SetupFault fault = Assert.Single(Check(site, datapath));
        Assert.Equal("the pin of the map lb_flows4 is of something else", fault.What);
        datapath.MendSetup(fault);
        Assert.Empty(Check(site, datapath));
    }

    [RootFact]
    public void Pins_of_tables_are_made_again_and_those_of_no_table_removed()
    {
        using var site = new TestSite();
        using KernelDatapath datapath = site.Open();
        datapath.WriteBackend(3, Samples.Backend4);
        datapath.SwapTable(0, Samples.Table(101));
        datapath.SwapTable(0, Samples.Table(101));
        string tables = Path.Combine(site.PinRoot, "tables");
        string[] pins = Directory.GetFiles(tables);
        Assert.Equal(2, pins.Length);
        Assert.Empty(Check(site, datapath));
        File.Delete(pins[0]);
        File.Delete(pins[1]);
        Command.Run("bpftool", "map", "pin", "pinned", Path.Combine(site.PinRoot, "maps", "lb_flows6"), pins[1]);
        string stray = Path.Combine(tables, "4294967295");
        Command.Run("bpftool", "map", "pin", "pinned", Path.Combine(site.PinRoot, "maps", "lb_flows6"), stray);

        IReadOnlyList<SetupFault> faults = Check(site, datapath);
        Assert.Equal(
            [
                "the pin of a buffer of table 0 is gone", "the pin of a buffer of table 0 is of something else",
                "the pin of map 4294967295 is of no table any more",
            ],
            faults.Select(fault => fault.What).Order(StringComparer.Ordinal));
        foreach (SetupFault fault in faults)
        {
            datapath.MendSetup(fault);
        }

        Assert.Empty(Check(site, datapath));
        Assert.Equal(pins.Order(), Directory.GetFiles(tables).Order());
    }

    [RootFact]
    public void File_system_that_was_unmounted_is_mounted_and_holds_all_pins_again()
    {
        using var site = new TestSite();
        KernelDatapath datapath = site.Open();
        int? program = site.ProgramOn("eth0");
        Command.Run("umount", site.Options.BpfFs);
        Assert.Equal(program, site.ProgramOn("eth0"));

        foreach (SetupFault fault in Check(site, datapath))
        {
            site.Node.Invoke(() => datapath.MendSetup(fault));
        }

        Assert.Empty(Check(site, datapath));
        datapath.WriteService(Samples.Vip4, Samples.Service);
        datapath.Dispose();
        using KernelDatapath next = site.Open();
        Assert.Equal(Samples.Vip4, Assert.Single(next.ReadServices()).Key);
    }

    [RootFact]
    public void Detach_leaves_nothing_attached_also_where_the_pin_is_gone()
    {
        using var site = new TestSite();
        using KernelDatapath datapath = site.Open();
        Directory.Delete(Path.Combine(site.PinRoot, "links"), recursive: true);
        Assert.NotNull(site.ProgramOn("eth0"));
        site.Node.Invoke(datapath.Detach);
        Assert.Null(site.ProgramOn("eth0"));
    }

    [RootFact]
    public void Foreign_prefix_with_bits_behind_its_length_is_read_and_removed()
    {
        using var site = new TestSite();
        using KernelDatapath datapath = site.Open();
        using (var trie = new LpmTable<PrefixKey4>("lb_direct4", new SitePins(site.Options.BpfFs, "test").OpenMap("lb_direct4")!))
        {
            trie.Set(new PrefixKey4 { Length = 8, Addr = IPv4.ToBe32(IPAddress.Parse("10.9.8.7")) }, 1);
        }

        Assert.Equal(IPNetwork.Parse("10.0.0.0/8"), Assert.Single(datapath.ReadDirect()));
        datapath.WriteDirect(new HashSet<IPNetwork>());
        Assert.Empty(datapath.ReadDirect());
    }

    [RootFact]
    public void Maps_are_described_with_what_is_in_use()
    {
        using LoadedDatapath datapath = new DatapathSpec(TestSite.Small with { Flows = 8192 }, 0).Load();
        IReadOnlyList<MapUse> maps = datapath.ReadMaps();
        Assert.Equal(8192, maps.Single(map => map.Name == "lb_flows4").Capacity);
        Assert.Equal(0, maps.Single(map => map.Name == "lb_flows4").Entries);
        datapath.WriteBackend(3, Samples.Backend4);
        datapath.SwapTable(2, Samples.Table(101));
        datapath.WriteService(Samples.Vip4, Samples.Service);
        maps = datapath.ReadMaps();
        Assert.Equal(1, maps.Single(map => map.Name == "lb_backends").Entries);
        Assert.Equal(2, maps.Single(map => map.Name == "lb_vips4").Entries);
        Assert.Equal(1, maps.Single(map => map.Name == "lb_tables").Entries);
        Assert.Equal(101, maps[^1].Capacity);
        string[] untilUsed =
        [
            MapNames.Direct4, MapNames.Direct6, MapNames.Prefixes4, MapNames.Prefixes6, MapNames.Ports, MapNames.NatHosts4, MapNames.NatHosts6,
            MapNames.NatPorts,
        ];
        Assert.All(maps, map => Assert.True(map.Bytes > 0 || untilUsed.Contains(map.Name), map.Name));
    }

    private static IReadOnlyList<SetupFault> Check(TestSite site, KernelDatapath datapath) =>
        site.Node.Invoke(datapath.CheckSetup);
}
