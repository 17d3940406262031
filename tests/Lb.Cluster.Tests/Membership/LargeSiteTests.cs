using Lb.Cluster.Membership;
using Xunit.Abstractions;

namespace Lb.Cluster.Tests.Membership;

/// <summary>Two hundred nodes in virtual time: how soon all agree, and what it costs each.</summary>
public sealed class LargeSiteTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void Load_of_a_node_does_not_grow_with_the_site_and_all_agree_on_a_death_at_once()
    {
        var small = Measure(20);
        var large = Measure(200);

        Assert.True(
            large.MessagesPerSecond < small.MessagesPerSecond * 1.25,
            $"{small.MessagesPerSecond:0.0} messages/s of 20 nodes, {large.MessagesPerSecond:0.0} of 200");
        Assert.True(large.Most < small.MessagesPerSecond * 4, $"one node sends {large.Most:0.0} messages/s");
        Assert.True(large.Spread < TimeSpan.FromSeconds(2), $"the last heard of it {large.Spread} after the first");
    }

    private (double MessagesPerSecond, double Most, TimeSpan Spread) Measure(int count)
    {
        var site = new SimulatedSite(1);
        site.Start(count);
        var formed = site.RunUntil(
            () => site.Table.Members.Count == count
                && site.Nodes.TrueForAll(node => node.View.SelfMember?.Status is NodeStatus.Up),
            Minute * 2, "formed");
        site.Run(Minute);
        site.Nodes.ForEach(node => (node.Sent, node.SentBytes, node.Reads) = (0, 0, 0));
        site.Run(Minute);
        var rate = site.Nodes.Average(node => node.Sent) / Minute.TotalSeconds;
        var bytes = site.Nodes.Average(node => node.SentBytes) / Minute.TotalSeconds;
        var most = site.Nodes.Max(node => node.Sent) / Minute.TotalSeconds;
        var reads = site.Nodes.Average(node => node.Reads) / Minute.TotalSeconds;
        Assert.All(site.Nodes, node => Assert.Empty(node.View.Unreachable));

        var dead = site.Nodes[count / 2];
        var life = dead.View.Self!;
        dead.IsAlive = false;
        var rest = site.Nodes.Where(node => node != dead).ToList();
        var first = site.RunUntil(() => rest.Exists(node => node.View.Unreachable.ContainsKey(life)), Minute, "noticed");
        var spread = site.RunUntil(
            () => rest.TrueForAll(node => node.View.Unreachable.ContainsKey(life)), Minute, "known to all");
        var removed = site.RunUntil(
            () => rest.TrueForAll(node => node.View.State.Find(life) is null), Minute, "removed everywhere");
        output.WriteLine(
            $"{count} nodes: formed in {formed.TotalSeconds:0.0} s; each sends {rate:0.0} messages/s, {bytes:0} bytes/s "
            + $"(most {most:0.0}), reads the table {reads:0.00} times/s; a death is noticed after "
            + $"{first.TotalSeconds:0.0} s, known to all {spread.TotalMilliseconds:0} ms later, removed everywhere "
            + $"{removed.TotalSeconds:0.0} s after that");
        return (rate, most, spread);
    }
}
