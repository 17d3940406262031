using Akka.Actor;
using Akka.Cluster.Subset.Tests.Support;
using Akka.Cluster.Tools.Singleton;
using Akka.Event;
using Akka.Subset.Tests.Support;
using Lb.Testing;
using Xunit;

namespace Akka.Cluster.Subset.Tests;

/// <summary>One of a kind in the cluster, whatever happens to who runs it.</summary>
public sealed class SingletonTests : ClusterTest
{
    private readonly Register _register = new();

    [Fact]
    public async Task The_oldest_runs_it_and_hands_over_at_once_when_it_leaves()
    {
        var one = Node();
        Wait.Until(() => _register.Running == NameOf(one), "it runs on the first", Soon);
        var two = Node();
        Wait.Until(() => IsUp(two, 2), "two are up", Soon);
        var proxy = one.ActorOf(ClusterSingletonProxy.Props("/user/single", ClusterSingletonProxySettings.Create(one)));
        Assert.Equal($"{NameOf(one)}: hello", await proxy.Ask<string>("hello").WaitAsync(Soon));
        var lease = CuttableLease.Leases[NameOf(one)];
        var term = lease.Term;

        await one.Terminate().WaitAsync(Soon);

        Wait.Until(() => _register.Running == NameOf(two), "it runs on the second", Soon);
        Assert.True(CuttableLease.Leases[NameOf(two)].Term > term);

        // Handed over, not waited for: a lease that was not given back would have had 4 s to go.
        Assert.Equal(2, _register.Starts);
        Assert.Null(_register.Broken);
    }

    [Fact]
    public async Task A_member_that_comes_back_takes_nothing_from_one_that_runs_it()
    {
        var port = FreePort();
        var one = Node(port);
        Wait.Until(() => _register.Running == NameOf(one), "it runs on the first", Soon);
        var two = Node();
        Wait.Until(() => IsUp(two, 2), "two are up", Soon);

        await Kill(one);
        Wait.Until(() => _register.Running == NameOf(two), "it runs on the second", Soon);
        var again = Node(port);
        Wait.Until(() => IsUp(two, 2) && IsUp(again, 2), "two are up again", Soon);

        Assert.Equal(NameOf(two), _register.Running);
        Assert.Equal(2, _register.Starts);
        Assert.Null(_register.Broken);
    }

    [Fact]
    public async Task A_singleton_without_a_lease_is_refused()
    {
        var system = Start(more: "akka.cluster.singleton.use-lease = \"\"");
        var probe = new Probe(system);
        system.EventStream.Subscribe(probe.Ref, typeof(Error));
        var settings = ClusterSingletonManagerSettings.Create(system);
        Assert.Null(settings.LeaseSettings);

        system.ActorOf(ClusterSingletonManager.Props(Props.Empty, settings));

        Assert.Contains("akka.cluster.singleton.use-lease", (await probe.Expect<Error>()).ToString());
    }

    [Fact]
    public async Task There_are_never_two_under_random_kills_leaves_and_cut_lines()
    {
        var random = new Random(7);
        var ports = Enumerable.Range(0, 3).Select(_ => FreePort()).ToArray();
        var nodes = ports.Select(port => Node(port)).ToArray();
        for (var i = 0; i < 10; i++)
        {
            Wait.Until(() => _register.Running is not null, $"step {i}: it runs somewhere", Soon);
            var holder = Array.FindIndex(nodes, node => NameOf(node) == _register.Running);
            var starts = _register.Starts;
            if (holder < 0)
            {
                continue;
            }

            switch (i % 3)
            {
                case 0:
                    await Kill(nodes[holder]);
                    break;
                case 1:
                    await nodes[holder].Terminate().WaitAsync(Soon);
                    break;
                default:
                    // It stays a member and cannot renew the lease.
                    CuttableLease.Cut[NameOf(nodes[holder])] = true;
                    break;
            }

            Wait.Until(() => _register.Starts > starts, $"step {i}: it began anew", Soon);
            Assert.Null(_register.Broken);
            CuttableLease.Cut.Clear();
            if (nodes[holder].WhenTerminated.IsCompleted)
            {
                nodes[holder] = Node(ports[holder]);
            }
            else if (random.Next(2) == 0)
            {
                Wait.Until(() => nodes.All(node => IsUp(node, 3)), $"step {i}: all are up", Soon);
            }
        }

        Assert.Null(_register.Broken);
    }

    private static string NameOf(ActorSystem system) => Cluster.Get(system).SelfAddress.HostPort();

    private ActorSystem Node(int? port = null)
    {
        var system = Join(port);
        var (register, name) = (_register, NameOf(system));
        system.ActorOf(
            ClusterSingletonManager.Props(
                Props.Create(() => new Lonely(register, name)), ClusterSingletonManagerSettings.Create(system)),
            "single");
        return system;
    }
}
