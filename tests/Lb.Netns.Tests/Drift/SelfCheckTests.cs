using System.Diagnostics;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;
using Xunit.Abstractions;

namespace Lb.Netns.Tests.Drift;

/// <summary>What somebody else does to the kernel's state is found and repaired by the next self-check.</summary>
public sealed class SelfCheckTests(DriftBed bed, ITestOutputHelper output) : IClassFixture<DriftBed>
{
    /// <summary>The interval is a second; the rest is for slow machines.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(3);

    public static TheoryData<string> Harms => [.. Harm.All.Select(harm => harm.Name)];

    [RootTheory]
    [MemberData(nameof(Harms))]
    public void Harm_is_found_named_and_repaired_within_an_interval(string name)
    {
        Harm harm = Harm.All.Single(known => known.Name == name);
        Lbd lbd = bed.Lbd;
        var vandal = new Vandal(bed.Topology.Site);
        IReadOnlySet<string> pins = vandal.Pins();
        int before = Drifts().Count;
        using var traffic = LiveTraffic.Start(bed.Topology.Client, Route.Of("nat-v4").EndPoint);
        Wait.Until(() => traffic.Sent > 20, "traffic flows", TimeSpan.FromSeconds(20));
        int lost = traffic.Lost;

        harm.Do(vandal, bed.Topology);
        long start = Stopwatch.GetTimestamp();
        lbd.WaitFor(
            () => Drifts().Skip(before).Any(found => found.Contains(harm.Words, StringComparison.Ordinal)),
            $"'{name}' is found and named",
            Interval + Slack);
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        lbd.WaitFor(() => Forwards(), "everything is forwarded again", TimeSpan.FromSeconds(20));
        Assert.Equal(0, lbd.Pbm("kernel", "check").ExitCode);
        int settled = traffic.Sent;
        Wait.Until(() => traffic.Sent > settled + 200, "more traffic flows", TimeSpan.FromSeconds(20));
        output.WriteLine($"found after {took.TotalSeconds:0.00} s; {traffic.Lost - lost} of {traffic.Sent} datagrams lost; {Drifts()[^1]}");
        // Interfaces made anew have other indexes, and so their links other pins.
        Assert.Equal(pins.Count, vandal.Pins().Count);
        // A check may fall between two steps of a harm; once repaired, nothing is found any more.
        Assert.InRange(Drifts().Count, before + 1, before + 2);
    }

    private IReadOnlyList<string> Drifts() => bed.Lbd.LogLines("The kernel differed from what was written");

    private bool Forwards() =>
        Ask.TryTcp(bed.Topology.Client, Route.Of("nat-v4").EndPoint) is not null
        && Ask.TryTcp(bed.Topology.Client, Route.Of("nat-v6").EndPoint) is not null;
}
