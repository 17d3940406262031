using System.Diagnostics;
using Lb.Netns.Tests.Clients;
using Lb.Testing;
using Xunit.Abstractions;

namespace Lb.Netns.Tests.Announce;

/// <summary>Three real nodes behind a router that spreads flows over them: each change of their number spreads flows anew.</summary>
public sealed class BgpTests(ITestOutputHelper output)
{
    private const int FlowsOfEach = 120;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [RootFact]
    public void Flows_live_on_when_nodes_are_killed_drained_and_restarted()
    {
        using BgpBed bed = new(nodes: 3);
        Reach(bed, [.. bed.Nodes]);
        // The router knows it first: what the node shows is as old as its last question to its bird.
        bed.Nodes[0].WaitFor(() => SaysThatAllIsWell(bed.Nodes[0]), "its sessions, BFD and VIPs are up");
        List<LongLivedConnections> flows =
            [.. BgpBed.Services.Select(service => LongLivedConnections.Open(bed.Client, service, FlowsOfEach))];
        try
        {
            bed.Nodes[0].Cables(inside: false);
            Stopwatch time = Stopwatch.StartNew();
            bed.Nodes[0].Kill();
            Reach(bed, bed.Nodes[1], bed.Nodes[2]);
            output.WriteLine($"a node cut off: the router is without it after {time.ElapsedMilliseconds} ms");
            Report(bed, flows, "a node killed, its cables out");
            Wait.Until(() => !bed.Nodes[0].Runs("bird"), "its bird has ended with it", Patience);

            Assert.Equal(0, bed.Nodes[1].Pbm("cluster", "drain").ExitCode);
            Reach(bed, bed.Nodes[2]);
            Report(bed, flows, "another drained");

            bed.Nodes[0].Cables(inside: true);
            bed.Nodes[0].Start();
            Assert.Equal(0, bed.Nodes[1].Pbm("cluster", "drain", "--undo").ExitCode);
            Reach(bed, [.. bed.Nodes]);
            Report(bed, flows, "both back");

            bed.Nodes[2].Stop();
            Reach(bed, bed.Nodes[0], bed.Nodes[1]);
            Report(bed, flows, "the third ended");
            Assert.False(bed.Nodes[2].Runs("bird"));
        }
        finally
        {
            flows.ForEach(some => some.Dispose());
        }
    }

    private static bool SaysThatAllIsWell(AnnounceNode node) => node.Vips() is { } shown
        && shown.GetProperty("neighbours").EnumerateArray().ToList() is { Count: > 0 } neighbours
        && neighbours.TrueForAll(neighbour =>
            neighbour.GetProperty("state").GetString() == "Established" && neighbour.GetProperty("bfd").GetString() == "Up")
        && shown.GetProperty("vips").EnumerateArray().ToList() is { Count: > 0 } vips
        && vips.TrueForAll(vip => vip.GetProperty("here").GetBoolean());

    private static void Reach(BgpBed bed, params IReadOnlyList<AnnounceNode> nodes) => Wait.Until(
        () => bed.Reached().SequenceEqual(nodes),
        "the router sends to these nodes and no others\n" + string.Join("\n\n", bed.Nodes.Select(node => node.Story())),
        Patience);

    private void Report(BgpBed bed, List<LongLivedConnections> flows, string what)
    {
        flows.ForEach(some => some.ExchangeOnAll());
        string[] broken = [.. flows.SelectMany(some => some.Broken)];
        output.WriteLine($"{what}: flows lost {broken.Length} of {flows.Count * FlowsOfEach}");
        Assert.True(
            broken.Length == 0,
            $"{what}: {string.Join("; ", broken.Take(5))}\n{string.Join("\n\n", bed.Nodes.Select(node => node.Story()))}");
    }
}
