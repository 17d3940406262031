using Lb.Actors;
using Lb.Host.Doctor;
using Lb.Host.Tests.Api;
using Lb.Kernel;

namespace Lb.Host.Tests.Doctor;

public sealed class SpreadFindingTests
{
    private static readonly SpreadUse s_use = new(SpreadWish.OverAll, [new(0, true, 5, 9000, 100), new(1, true, 5, 0, 0)]);

    [Fact]
    public void Packets_that_were_lost_lately_are_a_finding() => Assert.Equal(
        "CPUs that packets are handed to were too slow: between the last two self-checks 40 packets or more found a queue of 2048 full.",
        Assert.Single(Of(new SpreadPressure(s_use, 40), whyNotXdp: null)).What);

    [Fact]
    public void Packets_that_were_lost_before_are_none() => Assert.Empty(Of(new SpreadPressure(s_use, 0), whyNotXdp: null));

    [Fact]
    public void Spreading_that_does_nothing_is_a_finding()
    {
        Finding finding = Assert.Single(Of(new SpreadPressure(s_use, 0), "eth0 has no XDP in its driver"));
        Assert.Equal("spread-idle", finding.Code);
        Assert.Empty(Of(spread: null, "eth0 has no XDP in its driver"));
    }

    private static Finding[] Of(SpreadPressure? spread, string? whyNotXdp) => [.. NodeFindings.AddTo(
        new DoctorReport("stub", 0, []),
        StubSite.Snapshot with
        {
            Kernel = StubSite.Snapshot.Kernel with { Spread = spread, WhyNotXdp = whyNotXdp, FlowTables = [] },
        }).Findings];
}
