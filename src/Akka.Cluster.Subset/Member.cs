using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Akka.Actor;

namespace Akka.Cluster;

/// <summary>A member of the cluster, in one life.</summary>
[SuppressMessage("Design", "CA1036", Justification = "It has no operators in Akka.NET.")]
[SuppressMessage("Design", "MA0096", Justification = "It is no IEquatable in Akka.NET.")]
public class Member : IComparable<Member>, IComparable
{
    /// <summary>Orders addresses.</summary>
    public static readonly IComparer<Address> AddressOrdering = Comparer<Address>.Create(CompareAddresses);

    /// <summary>Orders members by age, the oldest first.</summary>
    public static readonly IComparer<Member> AgeOrdering = Comparer<Member>.Create(
        (a, b) => a!.Equals(b) ? 0 : a.IsOlderThan(b!) ? -1 : 1);

    internal Member(
        UniqueAddress uniqueAddress, long upNumber, MemberStatus status, ImmutableHashSet<string> roles)
    {
        UniqueAddress = uniqueAddress;
        UpNumber = upNumber;
        Status = status;
        Roles = roles;
    }

    /// <summary>Where it is.</summary>
    public Address Address => UniqueAddress.Address;

    /// <summary>Which life of the node it is.</summary>
    public UniqueAddress UniqueAddress { get; }

    /// <summary>How far it is in its life.</summary>
    public MemberStatus Status { get; }

    /// <summary>Its roles.</summary>
    public ImmutableHashSet<string> Roles { get; }

    // Until it is up, it is younger than all that are.
    internal long UpNumber { get; }

    /// <summary>Whether it has a role.</summary>
    public bool HasRole(string role) => Roles.Contains(role);

    /// <summary>Whether it was up before another one.</summary>
    public bool IsOlderThan(Member other) => Age() == other.Age()
        ? CompareAddresses(Address, other.Address) < 0
        : Age() < other.Age();

    /// <inheritdoc/>
    public int CompareTo(Member? other) => other is null ? 1 : UniqueAddress.CompareTo(other.UniqueAddress);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Member other && UniqueAddress == other.UniqueAddress;

    /// <inheritdoc/>
    public override int GetHashCode() => UniqueAddress.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() =>
        $"Member(address = {Address}, Uid = {UniqueAddress.Uid}, status = {Status}, role = [{string.Join(',', Roles.Order())}], upNumber = {UpNumber})";

    int IComparable.CompareTo(object? obj) => CompareTo(obj as Member);

    internal Member With(MemberStatus status) => new(UniqueAddress, UpNumber, status, Roles);

    private long Age() => UpNumber > 0 ? UpNumber : long.MaxValue;

    private static int CompareAddresses(Address? a, Address? b)
    {
        var host = string.CompareOrdinal(a!.Host, b!.Host);
        return host != 0 ? host : (a.Port ?? 0).CompareTo(b.Port ?? 0);
    }
}
