using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Lb.Netns.Tests.Clients;
using Lb.Testing;
using Xunit.Abstractions;

namespace Lb.Netns.Tests.Announce;

/// <summary>Three real nodes on one segment, and clients whose connections live through what happens to them.</summary>
public sealed class ArpTests(ITestOutputHelper output)
{
    private const int FlowsOfEach = 60;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [RootFact]
    public void Flows_live_on_when_holders_are_killed_drained_restarted_and_halted()
    {
        using ArpBed bed = new(nodes: 3);
        Settle(bed, bed.Nodes);
        List<LongLivedConnections> flows =
            [.. ArpBed.Services.Select(service => LongLivedConnections.Open(bed.Client, service, FlowsOfEach))];
        try
        {
            AnnounceNode killed = bed.WhoHas(ArpBed.Nat4)[0];
            AnnounceNode[] others = [.. bed.Nodes.Where(node => node != killed)];
            killed.Kill();
            killed.Cables(inside: false);
            Stopwatch time = Stopwatch.StartNew();
            AskUntilAnswered(bed, ArpBed.Services[0]);
            output.WriteLine($"holder of {ArpBed.Nat4} killed and cut off: answered again after {time.ElapsedMilliseconds} ms");
            Wait.Until(
                () => ArpBed.Vips.All(vip => bed.WhoHas(vip).Any(node => node != killed)), "others hold all VIPs", Patience);
            Report(bed, flows, "a node killed, its cables out");

            // The kernel of the dead node's host takes its VIPs away by itself.
            Wait.Until(
                () => ArpBed.Vips.All(vip => !killed.HasAddress(vip)), "nothing is left on the dead node's host", Patience);
            var holders = ArpBed.Vips.ToDictionary(vip => vip, vip => ArpBed.HolderOf(vip, others[0]));
            killed.Cables(inside: true);
            killed.Start();
            Settle(bed, bed.Nodes);
            // A node that has no time for 600 ms takes the others for silent, and sees them again with their next word.
            killed.WaitFor(
                () => ArpBed.Vips.All(vip => ArpBed.HolderOf(vip, killed) == holders[vip]), "it has taken nothing away");
            Report(bed, flows, "the node started again");

            AnnounceNode drained = bed.WhoHas(ArpBed.Dsr4)[0];
            Assert.Equal(0, drained.Pbm("cluster", "drain").ExitCode);
            Settle(bed, bed.Nodes);
            Assert.All(ArpBed.Vips, vip => Assert.False(drained.HasAddress(vip)));
            Report(bed, flows, "a node drained");

            Assert.Equal(0, drained.Pbm("cluster", "drain", "--undo").ExitCode);
            AnnounceNode ended = bed.WhoHas(ArpBed.Dsr6)[0];
            ended.Stop();
            Assert.All(ArpBed.Vips, vip => Assert.False(ended.HasAddress(vip)));
            Report(bed, flows, "a node ended");

            AnnounceNode halted = bed.WhoHas(ArpBed.Nat6)[0];
            AnnounceNode[] awake = [.. bed.Nodes.Where(node => node != halted && node != ended)];
            halted.Signal("STOP");
            Wait.Until(
                () => ArpBed.Vips.All(vip => !halted.HasAddress(vip)), "the kernel takes the VIPs of a halted process", Patience);
            Settle(bed, awake);
            halted.Signal("CONT");
            Settle(bed, [.. awake, halted]);
            Report(bed, flows, "a node halted and going on");
        }
        finally
        {
            flows.ForEach(some => some.Dispose());
        }
    }

    private void Report(ArpBed bed, List<LongLivedConnections> flows, string what)
    {
        flows.ForEach(some => some.ExchangeOnAll());
        string[] broken = [.. flows.SelectMany(some => some.Broken)];
        output.WriteLine($"{what}: flows lost {broken.Length} of {flows.Count * FlowsOfEach}");
        Assert.True(
            broken.Length == 0,
            $"{what}: {string.Join("; ", broken.Take(5))}\n{string.Join("\n\n", bed.Nodes.Select(node => node.Story()))}");
    }

    private static void Settle(ArpBed bed, IReadOnlyList<AnnounceNode> asked) => Wait.Until(
        () => bed.IsSettled(asked),
        "each VIP is with one node, and all know\n" + string.Join("\n\n", bed.Nodes.Select(node => node.Story())),
        Patience);

    private static void AskUntilAnswered(ArpBed bed, IPEndPoint service)
    {
        TimeSpan once = TimeSpan.FromMilliseconds(100);
        Wait.Until(
            () =>
            {
                using EchoConnection connection = bed.Client.Invoke(() => new EchoConnection(service));
                using CancellationTokenSource stop = new(once);
                try
                {
                    connection.AskAsync(stop.Token).GetAwaiter().GetResult();
                    return true;
                }
                catch (Exception e) when (e is SocketException or OperationCanceledException or IOException)
                {
                    return false;
                }
            },
            "the VIP is answered",
            Patience);
    }
}
