using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster;

/// <summary>What happens in the cluster, and what it looks like.</summary>
public partial class ClusterEvent
{
    /// <summary>A subscriber is first told the state as it is.</summary>
    public static readonly SubscriptionInitialStateMode InitialStateAsSnapshot =
        SubscriptionInitialStateMode.InitialStateAsSnapshot;

    /// <summary>A subscriber is first told the events that lead to the state as it is.</summary>
    public static readonly SubscriptionInitialStateMode InitialStateAsEvents =
        SubscriptionInitialStateMode.InitialStateAsEvents;

    /// <summary>What a subscriber is told first.</summary>
    public enum SubscriptionInitialStateMode
    {
        /// <summary>The state as it is.</summary>
        InitialStateAsSnapshot = 0,

        /// <summary>The events that lead to it.</summary>
        InitialStateAsEvents = 1,
    }

    /// <summary>Something that happened in the cluster.</summary>
    public interface IClusterDomainEvent : IDeadLetterSuppression;

    /// <summary>Something that happened to a member.</summary>
    public interface IMemberEvent : IClusterDomainEvent
    {
        /// <summary>The member as it is now.</summary>
        Member Member { get; }
    }

    /// <summary>A member cannot be reached, or can again.</summary>
    public interface IReachabilityEvent : IClusterDomainEvent;

    /// <summary>The cluster as a node knows it.</summary>
    public sealed class CurrentClusterState : INoSerializationVerificationNeeded
    {
        private readonly ImmutableDictionary<string, Address> _roleLeaders;

        /// <summary>Creates an empty state.</summary>
        public CurrentClusterState()
            : this([], [], [], null, ImmutableDictionary<string, Address>.Empty)
        {
        }

        /// <summary>Creates a state.</summary>
        public CurrentClusterState(
            ImmutableSortedSet<Member> members, ImmutableHashSet<Member> unreachable, ImmutableHashSet<Address> seenBy,
            Address? leader, ImmutableDictionary<string, Address> roleLeaderMap)
        {
            Members = members;
            Unreachable = unreachable;
            SeenBy = seenBy;
            Leader = leader;
            _roleLeaders = roleLeaderMap;
        }

        /// <summary>The members.</summary>
        public ImmutableSortedSet<Member> Members { get; }

        /// <summary>Those that cannot be reached.</summary>
        public ImmutableHashSet<Member> Unreachable { get; }

        /// <summary>Those that are known to know this state; none, as the state is a table's and not agreed on.</summary>
        public ImmutableHashSet<Address> SeenBy { get; }

        /// <summary>The oldest member that can be reached; it acts for all.</summary>
        public Address? Leader { get; }

        /// <summary>The roles of all members.</summary>
        public ImmutableHashSet<string> AllRoles => [.. Members.SelectMany(member => member.Roles)];

        /// <summary>Returns the oldest member with a role that can be reached.</summary>
        public Address? RoleLeader(string role) => _roleLeaders.GetValueOrDefault(role);
    }
}
