using System.Net;
using Lb.Kernel.Handles;
using Lb.Kernel.Maps;
using Lb.Kernel.Programs;
using Lb.Kernel.Tests.Fixtures;

namespace Lb.Kernel.Tests.Migration;

/// <summary>State of a release with other layouts, which a start carries over.</summary>
[Collection(KernelCollection.Name)]
public sealed class MigrationTests
{
    [RootFact]
    public void State_goes_to_a_release_of_other_layouts_and_comes_back_whole()
    {
        using var site = new TestSite();
        State before;
        using (KernelDatapath first = site.Open())
        {
            PinnedState.Write(first);
            first.WriteDirect(new HashSet<IPNetwork> { IPNetwork.Parse("198.51.100.0/24") });
            first.WriteNat(new Endpoint(IPAddress.Parse("10.0.2.11"), 8080, TransportProtocol.Tcp), new NatEntry(Samples.Vip4.Address, 80, 7, 1));
            PinnedState.Send(first, 100, 120);
            before = State.Of(first);
        }

        Assert.Equal(20, before.Flows.Count);
        (uint flow, uint slot) = Sizes(site);
        site.Node.Invoke(() => OtherRelease.Changed.TakeOver(site.Options));
        Assert.NotEqual(flow, Sizes(site).Flow);
        Assert.Equal(slot, Sizes(site).Slot);

        using KernelDatapath second = site.Open();
        before.AssertSame(State.Of(second));
        Assert.Equal(flow, Sizes(site).Flow);
        Assert.Contains(site.Logger.Entries, e => e.Text.Contains("carried over", StringComparison.Ordinal));
        Assert.Empty(site.Node.Invoke(second.CheckSetup));
        Assert.Equal((int)second.Program.ReadId(), site.ProgramOn("eth0"));
        Assert.Equal(["links", "maps", "progs", "tables"], Directory.EnumerateDirectories(site.PinRoot).Select(Path.GetFileName).Order());
    }

    [RootFact]
    public void Slots_are_carried_by_name_into_inner_maps_made_anew()
    {
        using var site = new TestSite();
        using (KernelDatapath first = site.Open())
        {
            PinnedState.Write(first);
        }

        site.Node.Invoke(() => OtherRelease.Changed.TakeOver(site.Options));

        Slot[] slots = Samples.Table(97);
        var pins = new SitePins(site.Options.BpfFs, site.Options.Site);
        List<(uint First, uint Second)> carried = [];
        foreach (uint id in pins.PinnedTables())
        {
            using Descriptor inner = pins.OpenTable(id)!;
            var raw = new RawMap("inner", inner);
            raw.Scan((_, values, count) =>
            {
                for (int i = 0; i < count; i++)
                {
                    carried.Add((BitConverter.ToUInt32(values[(i * 8)..]), BitConverter.ToUInt32(values[((i * 8) + 4)..])));
                }
            });
        }

        // Those of the other release have the members the other way round.
        Assert.All(slots, slot => Assert.Contains(carried, pair => pair.Second == slot.Current && (pair.First & 0xFF_FFFF) == slot.Previous));
    }

    [RootFact]
    public void What_the_old_program_writes_while_maps_are_copied_is_carried_over()
    {
        using var site = new TestSite();
        State all;
        using (KernelDatapath first = site.Open())
        {
            PinnedState.Write(first);
            PinnedState.Send(first, 1, 50);
            site.Node.Invoke(() => OtherRelease.Changed.TakeOver(site.Options, meanwhile: () => PinnedState.Send(first, 30, 80)));
            all = State.Of(first);
        }

        using KernelDatapath second = site.Open();
        Assert.Equal(79, second.ReadFlows().Count);
        all.AssertSame(State.Of(second));
    }

    [RootTheory]
    [InlineData(KilledAfter.Copying)]
    [InlineData(KilledAfter.Staging)]
    [InlineData(KilledAfter.Exchanging)]
    [InlineData(KilledAfter.Linking)]
    public void Killed_at_any_step_it_leaves_a_whole_state(KilledAfter step)
    {
        using var site = new TestSite();
        State all;
        using (KernelDatapath first = site.Open())
        {
            PinnedState.Write(first);
            PinnedState.Send(first, 1, 50);
            site.Node.Invoke(() => OtherRelease.Changed.TakeOver(site.Options, step, meanwhile: () => PinnedState.Send(first, 50, 60)));
            // Up to the last step it is the old program that goes on.
            PinnedState.Send(first, 60, 80);
            all = State.Of(first);
        }

        using KernelDatapath second = site.Open();
        State left = State.Of(second);
        (step == KilledAfter.Linking || step == KilledAfter.Exchanging ? all with { Traffic = left.Traffic } : all).AssertSame(left);
        Assert.False(Directory.Exists(Path.Combine(site.PinRoot, "maps_next")), "the maps that were are left");
        Assert.DoesNotContain(Directory.EnumerateDirectories(Path.Combine(site.PinRoot, "maps")), _ => true);
        Assert.Empty(site.Node.Invoke(second.CheckSetup));
    }

    [RootFact]
    public void Number_that_the_narrower_member_does_not_hold_is_refused_by_name_and_nothing_changes()
    {
        using var site = new TestSite();
        using (KernelDatapath first = site.Open())
        {
            PinnedState.Write(first);
            PinnedState.Send(first, 1, 3);
        }

        site.Node.Invoke(() => OtherRelease.Changed.TakeOver(site.Options));
        int? running = site.ProgramOn("eth0");
        PinnedState.WriteWideSlot(site);
        string[] pinned = PinnedState.Pinned(site);

        KernelException refused = Assert.Throws<KernelException>(() => site.Open());

        Assert.Contains(
            "lb_pending4 cannot be adopted: of an entry lb_flow_entry.slot is 4294967296, which 4 bytes without a sign do not hold",
            refused.Message,
            StringComparison.Ordinal);
        Assert.Equal(running, site.ProgramOn("eth0"));
        Assert.Equal(pinned, PinnedState.Pinned(site));
    }

    [RootFact]
    public void Map_of_other_sizes_whose_types_nobody_says_is_refused_by_name()
    {
        using var site = new TestSite();
        site.Open().Dispose();
        int? running = site.ProgramOn("eth0");
        File.Delete(Path.Combine(site.PinRoot, "maps", MapNames.Types));
        string pin = Path.Combine(site.PinRoot, "maps", MapNames.Nat4);
        File.Delete(pin);
        Command.Run("bpftool", "map", "create", pin, "type", "hash", "key", "8", "value", "32", "entries", "64", "name", MapNames.Nat4);

        KernelException refused = Assert.Throws<KernelException>(() => site.Open());

        Assert.Contains("lb_nat4 cannot be adopted: its value has 32 bytes where", refused.Message, StringComparison.Ordinal);
        Assert.Equal(running, site.ProgramOn("eth0"));
    }

    [RootFact]
    public void Maps_of_another_size_are_carried_over_where_there_is_room()
    {
        using var site = new TestSite();
        State before;
        using (KernelDatapath first = site.Open())
        {
            PinnedState.Write(first);
            PinnedState.Send(first, 1, 700);
            before = State.Of(first);
        }

        MapSizes larger = TestSite.Small with { Services = 32, Backends = 128, Flows = 2048, Pending = 4096, FullNat = 2048 };
        using (KernelDatapath second = site.Open(site.Options with { Sizes = larger }))
        {
            before.AssertSame(State.Of(second));
            Assert.Equal((32, 128), (second.ServiceLimit, second.BackendLimit));
        }

        using KernelDatapath third = site.Open();
        before.AssertSame(State.Of(third));
    }

    [RootTheory]
    [InlineData(1024, 16, 32, "lb_backends cannot be adopted: its element 32 is in use, and there is to be room for 32")]
    [InlineData(1024, 8, 64, "lb_svc_stats cannot be adopted: its element 8 is in use, and there is to be room for 8")]
    [InlineData(512, 16, 64, "lb_pending4 cannot be adopted: it holds 699 entries, and there is to be room for 512")]
    public void Size_that_is_too_small_for_what_is_there_is_refused_and_nothing_changes(int pending, int services, int backends, string problem)
    {
        using var site = new TestSite();
        using (KernelDatapath first = site.Open())
        {
            PinnedState.Write(first);
            PinnedState.Send(first, 1, 700);
        }

        int? running = site.ProgramOn("eth0");
        string[] pinned = PinnedState.Pinned(site);

        KernelException refused = Assert.Throws<KernelException>(() => site.Open(
            site.Options with { Sizes = TestSite.Small with { Pending = pending, Services = services, Backends = backends } }));

        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
        Assert.Contains("set lb.kernel back to its sizes", refused.Mend, StringComparison.Ordinal);
        Assert.Equal(running, site.ProgramOn("eth0"));
        Assert.Equal(pinned, PinnedState.Pinned(site));
    }

    private static (uint Flow, uint Slot) Sizes(TestSite site)
    {
        var pins = new SitePins(site.Options.BpfFs, site.Options.Site);
        using Descriptor flows = pins.OpenMap(MapNames.Flows4)!;
        using Descriptor inner = pins.OpenTable(pins.PinnedTables()[0])!;
        return (BpfMap.Describe(flows, MapNames.Flows4).ValueSize, BpfMap.Describe(inner, SlotArray.MapName).ValueSize);
    }

    private sealed record State(
        IReadOnlyDictionary<Endpoint, ServiceEntry> Services,
        IReadOnlyDictionary<uint, BackendEntry> Backends,
        IReadOnlyDictionary<Endpoint, NatEntry> Nat,
        IReadOnlySet<IPNetwork> Direct,
        Slot[]? Table,
        IReadOnlyDictionary<Flow, uint> Flows,
        Traffic Traffic)
    {
        public static State Of(KernelDatapath datapath) => new(
            datapath.ReadServices(),
            datapath.ReadBackends(),
            datapath.ReadNat(),
            datapath.ReadDirect(),
            datapath.ReadTable(0),
            datapath.ReadFlows().ToDictionary(flow => flow.Flow, flow => flow.Backend),
            datapath.ReadServiceTraffic(8));

        public void AssertSame(State other)
        {
            Assert.Equal(Services, other.Services);
            Assert.Equal(Backends, other.Backends);
            Assert.Equal(Nat, other.Nat);
            Assert.Equal(Direct, other.Direct);
            Assert.Equal(Table, other.Table);
            Assert.Equal(Flows, other.Flows);
            Assert.Equal(Traffic, other.Traffic);
        }
    }
}
