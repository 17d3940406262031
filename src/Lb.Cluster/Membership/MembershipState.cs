using System.Collections.Immutable;

namespace Lb.Cluster.Membership;

/// <summary>
/// The table of a site: the only truth about who is in. Every change is decided here, on the table as it is, while
/// nobody else can change it.
/// </summary>
/// <param name="Revision">Grows with each change, over a restored backup too: it follows the database's clock.</param>
/// <param name="LastIncarnation">The highest incarnation given out.</param>
/// <param name="Members">The members, by address.</param>
public sealed record MembershipState(
    long Revision, long LastIncarnation, ImmutableSortedDictionary<string, ClusterMember> Members)
{
    /// <summary>A site without members.</summary>
    public static readonly MembershipState Empty =
        new(0, 0, ImmutableSortedDictionary.Create<string, ClusterMember>(StringComparer.Ordinal));

    // Revisions and incarnations count from 2025, to be short; incarnations count seconds, to fit 31 bits until 2093.
    private const long Epoch = 1735689600000;
    private const long Second = 1000;

    /// <summary>The members by age: those up for longest first, those that have not been up last.</summary>
    public IEnumerable<ClusterMember> ByAge =>
        Members.Values.OrderBy(member => member.HasBeenUp ? member.UpNumber : long.MaxValue)
            .ThenBy(member => member.Id.Incarnation);

    /// <summary>Returns a member of that life.</summary>
    public ClusterMember? Find(NodeId id) =>
        Members.TryGetValue(id.Address, out var member) && member.Id == id ? member : null;

    /// <summary>Returns what a command does to the table.</summary>
    public MembershipDecision Decide(MembershipCommand command, DecisionContext context) => command switch
    {
        MembershipCommand.Join join => Join(join, context),
        MembershipCommand.MoveUp up => Move(up.Nodes, context, LetIn),
        MembershipCommand.Leave leave => Move([leave.Node], context, Leave),
        MembershipCommand.Exit exit => Move(exit.Nodes, context, Exit),
        MembershipCommand.Remove remove => Remove(remove.Nodes, context),
        MembershipCommand.GiveUp give => GiveUp(give, context),
        MembershipCommand.Down down => Move([down.Node], context, Down),
        MembershipCommand.Touch => Revision < context.RevisionFloor
            ? Changed(Members, context)
            : new MembershipDecision(this, Changed: false),
        _ => throw new ArgumentException($"Unknown command {command}", nameof(command)),
    };

    private static ClusterMember? LetIn(MembershipState state, ClusterMember member) =>
        member.Status is NodeStatus.Joining
            ? member with { Status = NodeStatus.Up, UpNumber = 1 + state.Members.Values.Max(other => other.UpNumber) }
            : null;

    private static ClusterMember? Leave(MembershipState state, ClusterMember member) =>
        member.Status is NodeStatus.Joining or NodeStatus.Up ? member with { Status = NodeStatus.Leaving } : null;

    private static ClusterMember? Exit(MembershipState state, ClusterMember member) =>
        member.Status is NodeStatus.Leaving ? member with { Status = NodeStatus.Exiting } : null;

    private static ClusterMember? Down(MembershipState state, ClusterMember member) =>
        member.Status is NodeStatus.Down ? null : member with { Status = NodeStatus.Down };

    private MembershipDecision Join(MembershipCommand.Join join, DecisionContext context)
    {
        var incarnation = Math.Max(
            Math.Max(LastIncarnation, context.IncarnationFloor) + 1, (context.Now - Epoch) / Second);
        var member = new ClusterMember(
            new NodeId(join.Address, incarnation), NodeStatus.Joining, 0, join.Roles, join.AppVersion, context.Now,
            context.Now);
        var decision = Changed(Members.SetItem(join.Address, member), context);
        return decision with { State = decision.State with { LastIncarnation = incarnation } };
    }

    private MembershipDecision Move(
        ImmutableList<NodeId> nodes, DecisionContext context, Func<MembershipState, ClusterMember, ClusterMember?> move)
    {
        var state = this;
        foreach (var id in nodes.OrderBy(id => id.Incarnation))
        {
            // One by one, for each is behind the one before it in age. One that is not there any more is left out.
            if (state.Find(id) is { } member && move(state, member) is { } moved)
            {
                state = state with { Members = state.Members.SetItem(id.Address, moved with { ChangedAt = context.Now }) };
            }
        }

        return state == this ? new MembershipDecision(this, Changed: false) : Changed(state.Members, context);
    }

    private MembershipDecision Remove(ImmutableList<NodeId> nodes, DecisionContext context)
    {
        var gone = nodes.Where(id => Find(id) is { Status: NodeStatus.Exiting or NodeStatus.Down })
            .Select(id => id.Address).ToList();
        return gone.Count == 0
            ? new MembershipDecision(this, Changed: false)
            : Changed(Members.RemoveRange(gone), context);
    }

    private MembershipDecision GiveUp(MembershipCommand.GiveUp give, DecisionContext context)
    {
        var known = give.Nodes.Where(id => Find(id) is { Status: not NodeStatus.Down }).ToImmutableList();
        var mine = give.Reachable.Where(id => Find(id) is { Status: not NodeStatus.Down }).ToHashSet();
        var alive = known.Where(context.Fresh.Contains).ToHashSet();
        var oldest = ByAge.Select(member => member.Id).FirstOrDefault(id => mine.Contains(id) || alive.Contains(id));
        if (alive.Count > mine.Count || (alive.Count == mine.Count && oldest is not null && alive.Contains(oldest)))
        {
            return new MembershipDecision(
                this, Changed: false,
                $"{alive.Count} of those unreachable reach the database and only {mine.Count} are on this side");
        }

        return Move(known, context, Down);
    }

    private MembershipDecision Changed(
        ImmutableSortedDictionary<string, ClusterMember> members, DecisionContext context)
    {
        var revision = Math.Max(Math.Max(Revision, context.RevisionFloor) + 1, context.Now - Epoch);
        return new MembershipDecision(this with { Revision = revision, Members = members }, Changed: true);
    }
}
