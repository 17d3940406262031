using System.Net;
using Lb.Actors;
using Lb.Kernel;
using Lb.Testing;
using Xunit;
using Xunit.Abstractions;

namespace Lb.Datapath.Tests.Plans;

/// <summary>What a plan foretells is what then happens to flows that the real program forwards.</summary>
public sealed class PlanReplayTests(ITestOutputHelper output)
{
    private const int Flows = 30_000;
    private const int Steps = 3;

    /// <summary>One point.</summary>
    private const double Tolerance = 0.01;

    [RootTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Plan_foretells_within_a_point_what_changes_do_to_flows(int seed)
    {
        var random = new Random(seed);
        using var site = new ReplaySite(ReplayConfig.Site(random));
        ReplayFlows[] all = [.. site.Config.Services.Values.Select(service => new ReplayFlows(random, service, Flows))];
        double worst = 0;
        for (int step = 1; step <= Steps; step++)
        {
            Dictionary<string, Sight> before = all.ToDictionary(flows => flows.Service.Name, flows => Look(site, flows));
            SiteConfig next = ReplayConfig.Change(random, site.Config);
            string what = string.Join("; ", SiteDiff.Between(site.Config, next));
            SitePlan plan = site.Plan(next);
            site.Apply(next);

            Assert.Equal(all.Length, plan.Services.Length);
            foreach (ReplayFlows flows in all)
            {
                ServicePlan foretold = plan.Services.Single(service => service.Service == flows.Service.Name);
                Sight after = Look(site, flows);
                if (flows.Service.Vip.Protocol == TransportProtocol.Tcp)
                {
                    ReplayFlows.CheckSyns(random, site, flows.Service, 500);
                }

                worst = Math.Max(worst, Compare($"seed {seed}, step {step}, {what}", foretold, before[foretold.Service], after));
            }
        }

        output.WriteLine($"seed {seed}: the plan is off by {worst:P2} at most");
    }

    private static Sight Look(ReplaySite site, ReplayFlows flows) => new(flows.SendEach(site), flows.NewFlows(site));

    /// <summary>Holds shares against each other; the largest difference.</summary>
    private double Compare(string what, ServicePlan foretold, Sight before, Sight after)
    {
        int[] moved = [.. Differing(before.NewFlows, after.NewFlows)];
        HashSet<int> lost = [.. Differing(before.Established, after.Established)];
        double kept = moved.Count(flow => !lost.Contains(flow));
        IGrouping<IPAddress?, IPAddress?> highest =
            after.NewFlows.GroupBy(backend => backend).MaxBy(backend => backend.Count())!;
        (string Name, double Foretold, double Happened)[] shares =
        [
            ("moved", foretold.Flows.Moved, Share(moved.Length)),
            ("protected", foretold.Flows.Protected, Share(kept)),
            ("lost", foretold.Flows.Lost, Share(lost.Count)),
            ("highest load", foretold.HighestShare, Share(highest.Count())),
        ];
        output.WriteLine(
            $"{foretold.Service} by {foretold.Flows.Source}: "
            + string.Join(", ", shares.Select(share => $"{share.Name} {share.Foretold:P2} ({share.Happened:P2})")));
        Assert.All(shares, share => Assert.True(
            Math.Abs(share.Foretold - share.Happened) <= Tolerance,
            $"{foretold.Service}: {share.Name} was foretold as {share.Foretold:P2} and is {share.Happened:P2} ({what})"));
        return shares.Max(share => Math.Abs(share.Foretold - share.Happened));

        double Share(double count) => count / after.Established.Length;
    }

    private static IEnumerable<int> Differing(IPAddress?[] before, IPAddress?[] after) =>
        Enumerable.Range(0, before.Length).Where(flow => before[flow] is { } was && !was.Equals(after[flow]));

    /// <summary>Where the flows of a service are, and where new ones of their slots go.</summary>
    private sealed record Sight(IPAddress?[] Established, IPAddress?[] NewFlows);
}
