using Lb.Kernel.Handles;
using Lb.Kernel.Maps;
using Lb.Kernel.Migration;
using Lb.Kernel.Programs;
using Lb.Kernel.Tests.Fixtures;

namespace Lb.Kernel.Tests.Migration;

/// <summary>What a start would do with pinned maps is said before it, comes true, and saying it changes nothing.</summary>
[Collection(KernelCollection.Name)]
public sealed class ForecastTests
{
    [RootFact]
    public void Maps_of_this_release_and_these_sizes_are_kept_all()
    {
        using var site = new TestSite();
        using KernelDatapath running = Open(site, clients: 50);

        StartForecast forecast = Foresee(site);

        Assert.NotEmpty(forecast.Maps);
        Assert.All(forecast.Maps, map => Assert.Equal(new MapForecast(map.Name, MapFate.Kept, null, 0), map));
        Assert.Equal((null, false, false), (forecast.NotRead, forecast.EndsExchange, forecast.NeedsTypes));
        Assert.Empty(forecast.Problems);
    }

    [RootFact]
    public void Maps_of_another_release_are_carried_over_or_begin_anew_as_was_foreseen()
    {
        using var site = new TestSite();
        Open(site, clients: 50).Dispose();
        site.Node.Invoke(() => OtherRelease.Changed.TakeOver(site.Options));

        StartForecast forecast = Foresee(site);
        Dictionary<string, uint> before = Ids(site);
        using KernelDatapath started = site.Open();

        Assert.Empty(forecast.Problems);
        Assert.Equal(49, Of(forecast, MapNames.Pending4).Entries);
        Assert.Equal((MapFate.Carried, "its value size is 24 where 16 is needed"), Fate(forecast, MapNames.Flows4, "value size"));
        Assert.Equal(MapFate.Carried, Of(forecast, MapNames.Tables).Fate);
        Assert.Equal("members of its values are others", Of(forecast, MapNames.Tables).Why);
        Assert.Equal(MapFate.Anew, Of(forecast, MapNames.FullDraft).Fate);
        Assert.Equal(MapFate.Kept, Of(forecast, MapNames.Nat4).Fate);
        AssertCameTrue(site, forecast, before);
    }

    [RootFact]
    public void Larger_sizes_and_smaller_ones_with_room_are_foreseen()
    {
        using var site = new TestSite();
        Open(site, clients: 700).Dispose();
        DatapathOptions changed = site.Options with
        {
            Sizes = TestSite.Small with { Services = 32, Flows = 4096, Pending = 2048, Direct = 12 },
        };

        StartForecast forecast = Foresee(site, changed);
        Dictionary<string, uint> before = Ids(site);
        using KernelDatapath started = site.Open(changed);

        Assert.Empty(forecast.Problems);
        Assert.Equal(
            (MapFate.Carried, "its number of entries is 1024 where 2048 is needed"), Fate(forecast, MapNames.Pending4, "entries"));
        Assert.Equal(699, Of(forecast, MapNames.Pending4).Entries);
        Assert.Equal(
            (MapFate.Carried, "its number of entries is 16 where 12 is needed"), Fate(forecast, MapNames.Direct4, "entries"));
        AssertCameTrue(site, forecast, before);
    }

    [RootTheory]
    [InlineData(1024, 16, 32, "lb_backends cannot be adopted: its element 32 is in use, and there is to be room for 32")]
    [InlineData(1024, 8, 64, "lb_svc_stats cannot be adopted: its element 8 is in use, and there is to be room for 8")]
    [InlineData(512, 16, 64, "lb_pending4 cannot be adopted: it holds 699 entries, and there is to be room for 512")]
    public void Size_that_is_too_small_is_refused_ahead_in_the_words_of_the_start(int pending, int services, int backends, string problem)
    {
        using var site = new TestSite();
        Open(site, clients: 700).Dispose();
        DatapathOptions changed = site.Options with
        {
            Sizes = TestSite.Small with { Pending = pending, Services = services, Backends = backends },
        };

        StartForecast forecast = Foresee(site, changed);

        Assert.Contains(forecast.Problems, found => found.What.Contains(problem, StringComparison.Ordinal));
        KernelException refused = Assert.Throws<KernelException>(() => site.Open(changed));
        Assert.Contains(forecast.Problems, found => refused.Message == $"{found.What} {found.Mend}");
    }

    [RootFact]
    public void Full_map_that_shrinks_to_what_it_holds_is_told_to_be_tight()
    {
        using var site = new TestSite();
        Open(site, clients: 700).Dispose();

        StartForecast forecast = Foresee(site, site.Options with { Sizes = TestSite.Small with { Pending = 700 } });

        Assert.Empty(forecast.Problems);
        Assert.True(Of(forecast, MapNames.Pending4).IsTight, "699 entries in a map of 700 that evicts are not told to be tight");
        Assert.False(Of(forecast, MapNames.Pending6).IsTight, "a map that is empty is told to be tight");
    }

    [RootFact]
    public void Number_that_has_no_room_is_refused_ahead_by_member()
    {
        using var site = new TestSite();
        Open(site, clients: 3).Dispose();
        site.Node.Invoke(() => OtherRelease.Changed.TakeOver(site.Options));
        PinnedState.WriteWideSlot(site);

        StartForecast forecast = Foresee(site);

        StartProblem problem = Assert.Single(forecast.Problems);
        Assert.Contains(
            "lb_pending4 cannot be adopted: of an entry lb_flow_entry.slot is 4294967296, which 4 bytes without a sign do not hold",
            problem.What,
            StringComparison.Ordinal);
        Assert.Contains("lbd --cleanup", problem.Mend, StringComparison.Ordinal);
        Assert.Throws<KernelException>(() => site.Open());
    }

    [RootTheory]
    [InlineData(MapNames.Nat4, 7, "lb_nat4 cannot be adopted: entries that differ in a member of the key which is no more would become one")]
    [InlineData(MapNames.Nat4, 6, null)]
    public void Entries_that_would_become_one_are_refused_ahead_and_at_the_start(string name, int differsAt, string? problem)
    {
        using var site = new TestSite();
        using (KernelDatapath first = Open(site, clients: 3))
        {
            first.WriteNat(new Endpoint(Samples.Backend4.Address, 8080, TransportProtocol.Tcp), new NatEntry(Samples.Vip4.Address, 80, 7, 1));
        }

        // There the last member of an endpoint has another name: this release knows nothing of it.
        site.Node.Invoke(() => OtherRelease.Build(("struct lb_endpoint4 {", "#define kind sort\nstruct lb_endpoint4 {")).TakeOver(site.Options));
        PinnedState.WriteTwin(site, name, differsAt);

        StartForecast forecast = Foresee(site);

        if (problem is null)
        {
            Assert.Empty(forecast.Problems);
            using KernelDatapath started = site.Open();
            Assert.Equal(2, Of(forecast, name).Entries);
            return;
        }

        Assert.Contains(forecast.Problems, found => found.What.Contains(problem, StringComparison.Ordinal));
        string[] before = PinnedState.Contents(site);
        Assert.Contains(problem, Assert.Throws<KernelException>(() => site.Open()).Message, StringComparison.Ordinal);
        Assert.Equal(before, PinnedState.Contents(site));
    }

    [RootFact]
    public void Map_that_is_not_there_is_added_or_refused()
    {
        using var site = new TestSite();
        site.Open().Dispose();
        File.Delete(Path.Combine(site.PinRoot, "maps", MapNames.Recent4));

        StartForecast forecast = Foresee(site);
        Assert.Equal([new MapForecast(MapNames.Recent4, MapFate.Added, null, 0)], forecast.Changes);

        File.Delete(Path.Combine(site.PinRoot, "maps", MapNames.Backends));
        Assert.Contains("lb_backends cannot be adopted: it is not there", Assert.Single(Foresee(site).Problems).What, StringComparison.Ordinal);
    }

    [RootFact]
    public void Layout_of_another_version_is_refused_as_a_whole()
    {
        using var site = new TestSite();
        site.Open().Dispose();
        Command.Run(
            "bpftool", "map", "update", "pinned", Path.Combine(site.PinRoot, "maps", MapNames.Node), "key", "0", "0", "0", "0", "value",
            "9", "0", "0", "0", "0", "0", "0", "0", "0", "0", "0", "0", "0", "0", "0", "0");

        StartForecast forecast = Foresee(site);

        Assert.Equal(MapNames.Node, Assert.Single(forecast.Maps).Name);
        Assert.Contains("its layout is version 9 where 1 is needed", Assert.Single(forecast.Problems).What, StringComparison.Ordinal);
    }

    [RootFact]
    public void State_without_types_and_an_exchange_that_was_killed_are_told()
    {
        using var site = new TestSite();
        Open(site, clients: 3).Dispose();
        site.Node.Invoke(() => OtherRelease.Changed.TakeOver(site.Options, KilledAfter.Linking));
        File.Delete(Path.Combine(site.PinRoot, "maps", MapNames.Types));

        StartForecast forecast = Foresee(site);

        Assert.Equal((true, true), (forecast.EndsExchange, forecast.NeedsTypes));
        Assert.Equal(MapFate.Carried, Of(forecast, MapNames.Flows4).Fate);
    }

    [RootFact]
    public void What_is_not_there_is_not_looked_at_and_why_is_told()
    {
        using var site = new TestSite();
        Assert.Equal($"no BPF file system is at {site.Options.BpfFs}.", StartForecaster.Read(site.Options).NotRead);

        site.Open().Dispose();
        DatapathOptions another = site.Options with { Site = "another" };
        Assert.Equal("site another has none; a start makes all.", StartForecaster.Read(another).NotRead);

        File.Delete(Path.Combine(site.PinRoot, "maps", MapNames.Node));
        Assert.Equal("those of site test are not complete; a start removes them and makes all.", StartForecaster.Read(site.Options).NotRead);
    }

    private static KernelDatapath Open(TestSite site, int clients)
    {
        KernelDatapath opened = site.Open();
        PinnedState.Write(opened);
        PinnedState.Send(opened, 1, clients);
        return opened;
    }

    /// <summary>Foresees, and sees that all that is pinned is as it was.</summary>
    private static StartForecast Foresee(TestSite site, DatapathOptions? options = null)
    {
        string[] before = PinnedState.Contents(site);
        StartForecast forecast = StartForecaster.Read(options ?? site.Options);
        Assert.Equal(before, PinnedState.Contents(site));
        return forecast;
    }

    private static MapForecast Of(StartForecast forecast, string name) => Assert.Single(forecast.Maps, map => map.Name == name);

    private static (MapFate Fate, string? Why) Fate(StartForecast forecast, string name, string about)
    {
        MapForecast map = Of(forecast, name);
        Assert.Contains(about, map.Why, StringComparison.Ordinal);
        return (map.Fate, map.Why);
    }

    private static Dictionary<string, uint> Ids(TestSite site)
    {
        var pins = new SitePins(site.Options.BpfFs, site.Options.Site);
        return Directory.EnumerateFiles(Path.Combine(site.PinRoot, "maps")).Select(path => Path.GetFileName(path)).ToDictionary(
            name => name,
            name =>
            {
                using Descriptor map = pins.OpenMap(name)!;
                return BpfMap.Describe(map, name).Id;
            });
    }

    /// <summary>Maps that were to be kept are the same ones, others are not; and the log counts what was foreseen.</summary>
    private static void AssertCameTrue(TestSite site, StartForecast forecast, Dictionary<string, uint> before)
    {
        Dictionary<string, uint> after = Ids(site);
        Assert.All(forecast.Maps, map => Assert.Equal(map.Fate == MapFate.Kept, before[map.Name] == after[map.Name]));
        MapForecast[] carried = [.. forecast.Maps.Where(map => map.Fate == MapFate.Carried)];
        Assert.Contains(
            site.Logger.Entries,
            entry => entry.Text.Contains(
                $"{carried.Length} maps of another release or size carried over with {carried.Sum(map => map.Entries)} entries",
                StringComparison.Ordinal));
    }
}
