using Akka.Actor;
using Akka.Cluster.Subset.Tests.Support;
using Akka.Subset.Tests.Support;
using Lb.Testing;
using Xunit;
using static Akka.Cluster.ClusterEvent;

namespace Akka.Cluster.Subset.Tests;

/// <summary>The cluster as users of the API see it.</summary>
public sealed class ClusterTests : ClusterTest
{
    [Fact]
    public async Task A_node_knows_itself_before_and_after_it_has_joined()
    {
        var system = Start();
        var cluster = Cluster.Get(system);
        Assert.Same(cluster, Cluster.Get(system));
        Assert.Equal("127.0.0.1", cluster.SelfAddress.Host);
        Assert.Equal(MemberStatus.Removed, cluster.SelfMember.Status);
        Assert.Equal(0, cluster.SelfUniqueAddress.Uid);
        Assert.Empty(cluster.State.Members);
        Assert.False(cluster.IsUp);
        Assert.Equal(["node"], cluster.SelfRoles);

        await cluster.JoinAsync(cluster.SelfAddress).WaitAsync(Soon);

        Assert.True(cluster.IsUp);
        Assert.Equal(cluster.SelfAddress, cluster.State.Leader);
        Assert.Equal(cluster.SelfAddress, cluster.State.RoleLeader("node"));
        Assert.Null(cluster.State.RoleLeader("other"));
        Assert.Equal(cluster.SelfMember, Assert.Single(cluster.State.Members));
        Assert.NotEqual(0, cluster.SelfUniqueAddress.Uid);
        Assert.False(cluster.IsTerminated);
    }

    [Fact]
    public async Task Subscribers_are_told_the_state_or_events_and_then_what_happens_in_its_order()
    {
        var one = Join();
        Wait.Until(() => IsUp(one, 1), "the first is up", Soon);
        var (snapshot, events) = (new Probe(one), new Probe(one));
        Cluster.Get(one).Subscribe(snapshot.Ref, typeof(IMemberEvent), typeof(IReachabilityEvent));
        Cluster.Get(one).Subscribe(events.Ref, InitialStateAsEvents, typeof(MemberUp));
        Assert.Single((await snapshot.Expect<CurrentClusterState>()).Members);
        Assert.Equal(Cluster.Get(one).SelfMember, (await events.Expect<MemberUp>()).Member);

        var port = FreePort();
        var two = Join(port);
        Wait.Until(() => IsUp(one, 2) && IsUp(two, 2), "the second is up", Soon);
        var first = Cluster.Get(two).SelfMember;
        Assert.Equal(first, (await events.Expect<MemberUp>()).Member);
        Assert.True(Cluster.Get(one).SelfMember.IsOlderThan(first));

        await Kill(two);
        Wait.Until(() => Cluster.Get(one).State.Unreachable.Contains(first), "it is not reached", Soon);
        Wait.Until(() => IsUp(one, 1), "it is removed", Soon);
        var again = Join(port);
        Wait.Until(() => IsUp(one, 2) && IsUp(again, 2), "it is back", Soon);
        var second = Cluster.Get(again).SelfMember;
        Assert.Equal(first.Address, second.Address);
        Assert.NotEqual(first.UniqueAddress, second.UniqueAddress);

        // A status that was passed through quickly may not have been seen; what was seen is in order.
        Member? member = null;
        while (member?.UniqueAddress != second.UniqueAddress || member.Status is not MemberStatus.Up)
        {
            var happened = await snapshot.Expect<IClusterDomainEvent>();
            if (happened is IMemberEvent { Member: var next })
            {
                Assert.True(
                    member?.UniqueAddress != next.UniqueAddress || next.Status > member!.Status,
                    $"{next} after {member}");
                Assert.True(next.UniqueAddress == first.UniqueAddress || next.UniqueAddress == second.UniqueAddress);
                member = next;
            }
        }

        Cluster.Get(one).Unsubscribe(events.Ref, typeof(MemberUp));
        Cluster.Get(one).SendCurrentClusterState(events.Ref);
        Assert.Equal(second, (await events.Expect<MemberUp>()).Member);
        Assert.Equal(2, (await events.Expect<CurrentClusterState>()).Members.Count);
    }

    [Fact]
    public async Task A_node_that_ends_leaves_first_and_one_that_has_left_ends()
    {
        var one = Join();
        Wait.Until(() => IsUp(one, 1), "the first is up", Soon);
        var two = Join();
        var three = Join();
        Wait.Until(() => IsUp(one, 3), "three are up", Soon);
        var probe = new Probe(one);
        Cluster.Get(one).Subscribe(probe.Ref, InitialStateAsEvents, typeof(MemberRemoved), typeof(UnreachableMember));

        await two.Terminate().WaitAsync(Soon);
        Assert.Equal(Cluster.Get(two).SelfAddress, (await probe.Expect<MemberRemoved>()).Member.Address);
        Assert.True(Cluster.Get(two).IsTerminated);

        Cluster.Get(one).Leave(Cluster.Get(three).SelfAddress);
        await three.WhenTerminated.WaitAsync(Soon);
        Assert.Equal(MemberStatus.Exiting, (await probe.Expect<MemberRemoved>()).PreviousStatus);
        Wait.Until(() => IsUp(one, 1), "one is left", Soon);

        await Cluster.Get(one).LeaveAsync().WaitAsync(Soon);
        await one.WhenTerminated.WaitAsync(Soon);
    }

    [Fact]
    public void A_node_that_is_given_up_comes_back_by_itself_as_another_one()
    {
        var one = Join();
        Wait.Until(() => IsUp(one, 1), "the first is up", Soon);
        var two = Join();
        Wait.Until(() => IsUp(one, 2) && IsUp(two, 2), "two are up", Soon);
        var before = Cluster.Get(two).SelfUniqueAddress;
        using var removed = new ManualResetEventSlim();
        Cluster.Get(two).RegisterOnMemberRemoved(removed.Set);

        Cluster.Get(one).Down(before.Address);

        Assert.True(removed.Wait(Soon), "it was not told");
        Wait.Until(() => IsUp(one, 2) && IsUp(two, 2), "it is back", Soon);
        Assert.True(Cluster.Get(two).SelfUniqueAddress.Uid > before.Uid);
        Assert.False(two.WhenTerminated.IsCompleted);
    }

    [Fact]
    public void A_node_without_address_or_database_says_what_it_needs()
    {
        var system = ActorSystem.Create("bare", "akka { loggers = [], loglevel = OFF }");

        var failure = Assert.Throws<Configuration.ConfigurationException>(() => Cluster.Get(system));

        Assert.Contains("lb.cluster.provider-name", failure.Message);
        ((ExtendedActorSystem)system).Abort();
    }
}
