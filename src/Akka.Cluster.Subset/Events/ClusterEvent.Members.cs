using System.Diagnostics.CodeAnalysis;
using Akka.Actor;

namespace Akka.Cluster;

/// <summary>What happens to members and leaders.</summary>
public partial class ClusterEvent
{
    /// <summary>A member's status has changed.</summary>
    [SuppressMessage("Style", "IDE1006", Justification = "The field is Akka.NET's API.")]
    [SuppressMessage("Design", "CA1051", Justification = "The field is Akka.NET's API.")]
    public abstract class MemberStatusChange : IMemberEvent
    {
        /// <summary>The member as it is now.</summary>
        protected readonly Member _member;

        /// <summary>Creates the event of a member that must have a status.</summary>
        /// <exception cref="ArgumentException">It has another one.</exception>
        protected MemberStatusChange(Member member, MemberStatus validStatus)
        {
            _member = member.Status == validStatus
                ? member
                : throw new ArgumentException($"{member} is expected to be {validStatus}", nameof(member));
        }

        /// <inheritdoc/>
        public Member Member => _member;

        /// <inheritdoc/>
        public override bool Equals(object? obj) =>
            obj is MemberStatusChange other && other.GetType() == GetType() && _member.Equals(other._member);

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(GetType(), _member);

        /// <inheritdoc/>
        public override string ToString() => $"{GetType().Name}(Member={Member})";
    }

    /// <summary>A member waits to be let in.</summary>
    public sealed class MemberJoined(Member member) : MemberStatusChange(member, MemberStatus.Joining);

    /// <summary>A member takes part.</summary>
    public sealed class MemberUp(Member member) : MemberStatusChange(member, MemberStatus.Up);

    /// <summary>A member has said that it will go.</summary>
    public sealed class MemberLeft(Member member) : MemberStatusChange(member, MemberStatus.Leaving);

    /// <summary>A member hands over.</summary>
    public sealed class MemberExited(Member member) : MemberStatusChange(member, MemberStatus.Exiting);

    /// <summary>A member was given up.</summary>
    public sealed class MemberDowned(Member member) : MemberStatusChange(member, MemberStatus.Down);

    /// <summary>A member is no member any more.</summary>
    public sealed class MemberRemoved(Member member, MemberStatus previousStatus)
        : MemberStatusChange(member, MemberStatus.Removed)
    {
        /// <summary>What it was before.</summary>
        public MemberStatus PreviousStatus { get; } = previousStatus;

        /// <inheritdoc/>
        public override bool Equals(object? obj) =>
            obj is MemberRemoved other && _member.Equals(other._member) && PreviousStatus == other.PreviousStatus;

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), PreviousStatus);
    }

    /// <summary>A member cannot be reached, or can again.</summary>
    public abstract class ReachabilityEvent : IReachabilityEvent
    {
        /// <summary>Creates the event.</summary>
        protected ReachabilityEvent(Member member)
        {
            Member = member;
        }

        /// <summary>The member.</summary>
        public Member Member { get; }

        /// <inheritdoc/>
        public override bool Equals(object? obj) =>
            obj is ReachabilityEvent other && other.GetType() == GetType() && Member.Equals(other.Member);

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(GetType(), Member);

        /// <inheritdoc/>
        public override string ToString() => $"{GetType().Name}(Member={Member})";
    }

    /// <summary>A member cannot be reached.</summary>
    public sealed class UnreachableMember(Member member) : ReachabilityEvent(member);

    /// <summary>A member can be reached again.</summary>
    public sealed class ReachableMember(Member member) : ReachabilityEvent(member);

    /// <summary>Another member acts for all.</summary>
    public sealed class LeaderChanged(Address? leader) : IClusterDomainEvent
    {
        /// <summary>Where it is; null when there is none.</summary>
        public Address? Leader { get; } = leader;

        /// <inheritdoc/>
        public override bool Equals(object? obj) => obj is LeaderChanged other && Leader == other.Leader;

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(Leader);

        /// <inheritdoc/>
        public override string ToString() => $"LeaderChanged(NewLeader={Leader})";
    }

    /// <summary>Another member acts for those with a role.</summary>
    public sealed class RoleLeaderChanged(string role, Address? leader) : IClusterDomainEvent
    {
        /// <summary>The role.</summary>
        public string Role { get; } = role;

        /// <summary>Where it is; null when there is none.</summary>
        public Address? Leader { get; } = leader;

        /// <inheritdoc/>
        public override bool Equals(object? obj) =>
            obj is RoleLeaderChanged other && Role == other.Role && Leader == other.Leader;

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(Role, Leader);

        /// <inheritdoc/>
        public override string ToString() => $"RoleLeaderChanged(Leader={Leader}, Role={Role})";
    }

    /// <summary>This node takes part no more.</summary>
    public sealed class ClusterShuttingDown : IClusterDomainEvent
    {
        /// <summary>The event.</summary>
        public static readonly IClusterDomainEvent Instance = new ClusterShuttingDown();

        private ClusterShuttingDown()
        {
        }

        /// <inheritdoc/>
        public override string ToString() => "ClusterEvent.ClusterShuttingDown";
    }
}
