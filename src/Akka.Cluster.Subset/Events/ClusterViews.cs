using System.Collections.Immutable;
using Akka.Actor;
using Lb.Cluster.Membership;
using static Akka.Cluster.ClusterEvent;

namespace Akka.Cluster.Events;

/// <summary>What a node's view of its site is in words of the API, and what has happened between two of them.</summary>
internal static class ClusterViews
{
    private const string Protocol = "akka";

    internal static Address AddressOf(string hostPort, string system)
    {
        // An IPv6 address has colons of its own, and brackets.
        var colon = hostPort.LastIndexOf(':');
        return new Address(Protocol, system, hostPort[..colon], int.Parse(hostPort.AsSpan(colon + 1)));
    }

    internal static Member MemberOf(ClusterMember member, string system) => new(
        new UniqueAddress(AddressOf(member.Id.Address, system), checked((int)member.Id.Incarnation)), member.UpNumber,
        (MemberStatus)member.Status, [.. member.Roles.Split(',', StringSplitOptions.RemoveEmptyEntries)]);

    /// <summary>Returns the state of a node that is in; one that is out knows no members.</summary>
    internal static CurrentClusterState StateOf(MembershipView view, string system)
    {
        if (view.Self is null || view.SelfMember is null)
        {
            return new CurrentClusterState();
        }

        ImmutableSortedSet<Member> members =
            [.. view.State.Members.Values.Select(member => MemberOf(member, system))];
        ImmutableHashSet<Member> unreachable =
            [.. view.Unreachable.Keys.Select(view.State.Find).OfType<ClusterMember>().Select(m => MemberOf(m, system))];
        var reachable = members.Where(
                member => !unreachable.Contains(member) && member.Status is MemberStatus.Up or MemberStatus.Leaving)
            .Order(Member.AgeOrdering).ToList();
        var leaders = members.SelectMany(member => member.Roles).Distinct()
            .Select(role => (Role: role, Leader: reachable.Find(member => member.HasRole(role))))
            .Where(entry => entry.Leader is not null)
            .ToImmutableDictionary(entry => entry.Role, entry => entry.Leader!.Address);
        return new CurrentClusterState(
            members, unreachable, [], view.Leader is { } leader ? AddressOf(leader.Address, system) : null, leaders);
    }

    /// <summary>Returns what has happened between two states: who has gone comes first.</summary>
    internal static IEnumerable<IClusterDomainEvent> Between(CurrentClusterState before, CurrentClusterState after)
    {
        var known = before.Members.ToDictionary(member => member.UniqueAddress);
        var now = after.Members.ToDictionary(member => member.UniqueAddress);
        foreach (var gone in before.Members.Where(member => !now.ContainsKey(member.UniqueAddress)))
        {
            yield return new MemberRemoved(gone.With(MemberStatus.Removed), gone.Status);
        }

        foreach (var member in after.Members.Order(Member.AgeOrdering))
        {
            if (known.GetValueOrDefault(member.UniqueAddress)?.Status != member.Status)
            {
                yield return Changed(member);
            }
        }

        foreach (var lost in after.Unreachable.Where(member => !before.Unreachable.Contains(member)))
        {
            yield return new UnreachableMember(lost);
        }

        foreach (var found in before.Unreachable.Where(
            member => !after.Unreachable.Contains(member) && now.ContainsKey(member.UniqueAddress)))
        {
            yield return new ReachableMember(now[found.UniqueAddress]);
        }

        if (before.Leader != after.Leader)
        {
            yield return new LeaderChanged(after.Leader);
        }

        foreach (var role in before.AllRoles.Union(after.AllRoles).Order(StringComparer.Ordinal))
        {
            if (before.RoleLeader(role) != after.RoleLeader(role))
            {
                yield return new RoleLeaderChanged(role, after.RoleLeader(role));
            }
        }
    }

    private static IClusterDomainEvent Changed(Member member) => member.Status switch
    {
        MemberStatus.Joining => new MemberJoined(member),
        MemberStatus.Up => new MemberUp(member),
        MemberStatus.Leaving => new MemberLeft(member),
        MemberStatus.Exiting => new MemberExited(member),
        _ => new MemberDowned(member),
    };
}
