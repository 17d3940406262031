using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Lb.Cluster.Membership;

namespace Lb.Cluster.Tests.Membership;

/// <summary>The rules of the table.</summary>
public sealed class MembershipStateTests
{
    private const long Start = 1_764_000_000_000;

    private long _now = Start;
    private MembershipState _state = MembershipState.Empty;
    private ImmutableHashSet<NodeId> _fresh = [];

    [Fact]
    public void A_node_joins_is_let_in_leaves_hands_over_and_is_gone()
    {
        var id = Join("a:1");
        Assert.Equal(NodeStatus.Joining, Status(id));
        Do(new MembershipCommand.MoveUp([id]));
        Assert.Equal(NodeStatus.Up, Status(id));
        Do(new MembershipCommand.Leave(id));
        Assert.Equal(NodeStatus.Leaving, Status(id));
        Do(new MembershipCommand.Exit([id]));
        Assert.Equal(NodeStatus.Exiting, Status(id));
        Do(new MembershipCommand.Remove([id]));
        Assert.Empty(_state.Members);
    }

    [Fact]
    public void Steps_out_of_order_change_nothing()
    {
        var id = Join("a:1");
        AssertNothing(new MembershipCommand.Exit([id]));
        AssertNothing(new MembershipCommand.Remove([id]));
        Do(new MembershipCommand.MoveUp([id]));
        AssertNothing(new MembershipCommand.MoveUp([id]));
        AssertNothing(new MembershipCommand.Remove([id]));
        Do(new MembershipCommand.Down(id));
        AssertNothing(new MembershipCommand.MoveUp([id]));
        AssertNothing(new MembershipCommand.Leave(id));
        AssertNothing(new MembershipCommand.Down(id));
        Do(new MembershipCommand.Remove([id]));
        AssertNothing(new MembershipCommand.Down(id));
    }

    [Fact]
    public void A_new_life_replaces_the_old_one_at_once_and_is_younger()
    {
        var old = Join("a:1");
        var other = Join("b:1");
        Do(new MembershipCommand.MoveUp([old, other]));

        var young = Join("a:1");
        Do(new MembershipCommand.MoveUp([young]));

        Assert.True(young.Incarnation > other.Incarnation);
        Assert.Null(_state.Find(old));
        Assert.Equal([other, young], _state.ByAge.Select(member => member.Id));
        AssertNothing(new MembershipCommand.Down(old));
        AssertNothing(new MembershipCommand.Leave(old));
    }

    [Fact]
    public void The_larger_side_that_is_alive_goes_on_and_of_equal_ones_the_oldest_members()
    {
        var ids = Enumerable.Range(0, 4).Select(i => Join($"n{i}:1")).ToImmutableList();
        Do(new MembershipCommand.MoveUp(ids));

        // None of them is heard of: they are dead, and one may go on alone.
        Assert.Null(Try(new MembershipCommand.GiveUp(ids.GetRange(1, 3), [ids[0]])).Refusal);
        _fresh = [.. ids];
        Assert.NotNull(Try(new MembershipCommand.GiveUp(ids.GetRange(0, 2), ids.GetRange(2, 2))).Refusal);
        Assert.Null(Try(new MembershipCommand.GiveUp(ids.GetRange(2, 2), ids.GetRange(0, 2))).Refusal);
        Assert.NotNull(Try(new MembershipCommand.GiveUp(ids.GetRange(1, 3), [ids[0]])).Refusal);
        Do(new MembershipCommand.GiveUp([ids[0]], ids.GetRange(1, 3)));
        Assert.Equal(NodeStatus.Down, Status(ids[0]));
    }

    [Fact]
    public void Revisions_and_incarnations_grow_over_a_clock_that_goes_back_and_over_what_others_have_seen()
    {
        var first = Join("a:1");
        var revision = _state.Revision;
        _now -= 3_600_000;
        var second = Join("a:1");
        Assert.True(second.Incarnation > first.Incarnation);
        Assert.True(_state.Revision > revision);

        var seen = _state.Revision + 1_000_000_000_000;
        AssertNothing(new MembershipCommand.Touch());
        var touched = _state.Decide(
            new MembershipCommand.Touch(), new DecisionContext(_now, seen, 0, []));
        Assert.Equal(seen + 1, touched.State.Revision);
        Assert.True(int.MaxValue > second.Incarnation);
    }

    [Fact]
    public void Any_commands_in_any_order_keep_the_rules()
    {
        var commands = Gen.Choose(0, 1_000_000).ListOf(60);
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(300),
            Prop.ForAll(commands.ToArbitrary(), numbers => KeepsRules([.. numbers])));
    }

    private static bool KeepsRules(IReadOnlyList<int> numbers)
    {
        var state = MembershipState.Empty;
        var issued = new HashSet<long>();
        for (var i = 0; i < numbers.Count; i++)
        {
            var random = new Random(numbers[i]);
            var members = state.Members.Values.Select(member => member.Id).ToImmutableList();
            ImmutableList<NodeId> some = [.. members.Where(_ => random.Next(2) == 0)];
            var one = members.Count == 0 ? new NodeId("x:1", 1) : members[random.Next(members.Count)];
            MembershipCommand command = random.Next(8) switch
            {
                0 or 1 => new MembershipCommand.Join($"n{random.Next(5)}:1", "", "1"),
                2 => new MembershipCommand.MoveUp(some),
                3 => new MembershipCommand.Leave(one),
                4 => new MembershipCommand.Exit(some),
                5 => new MembershipCommand.Remove(some),
                6 => new MembershipCommand.GiveUp(some, [.. members.Except(some)]),
                _ => new MembershipCommand.Down(one),
            };
            var decision = state.Decide(command, new DecisionContext(
                Start + random.Next(-100_000, 100_000), 0, 0, [.. members.Where(_ => random.Next(2) == 0)]));
            var after = decision.State;
            Assert.Equal(decision.Changed, after.Revision > state.Revision);
            if (command is MembershipCommand.Join join)
            {
                Assert.True(issued.Add(after.Members[join.Address].Id.Incarnation));
                Assert.Equal(issued.Max(), after.Members[join.Address].Id.Incarnation);
            }

            foreach (var member in after.Members.Values)
            {
                // A life never goes back in status, nor does its age change.
                Assert.Equal(member.Id.Address, after.Members.First(entry => entry.Value == member).Key);
                if (state.Find(member.Id) is { } before)
                {
                    Assert.True(member.Status >= before.Status);
                    Assert.True(before.UpNumber == 0 || before.UpNumber == member.UpNumber);
                }
            }

            var ages = after.Members.Values.Where(member => member.HasBeenUp).Select(member => member.UpNumber).ToList();
            Assert.Equal(ages.Count, ages.Distinct().Count());
            state = after;
        }

        return true;
    }

    private NodeId Join(string address)
    {
        Do(new MembershipCommand.Join(address, "", "1"));
        return _state.Members[address].Id;
    }

    private NodeStatus? Status(NodeId id) => _state.Find(id)?.Status;

    private MembershipDecision Try(MembershipCommand command) =>
        _state.Decide(command, new DecisionContext(_now, 0, 0, _fresh));

    private void Do(MembershipCommand command)
    {
        var decision = Try(command);
        Assert.True(decision.Changed, $"{command} changed nothing");
        Assert.True(decision.State.Revision > _state.Revision);
        _state = decision.State;
    }

    private void AssertNothing(MembershipCommand command)
    {
        var decision = Try(command);
        Assert.False(decision.Changed, $"{command} changed something");
        Assert.Same(_state, decision.State);
    }
}
