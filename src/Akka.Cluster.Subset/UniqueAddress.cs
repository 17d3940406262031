using System.Diagnostics.CodeAnalysis;
using Akka.Actor;

namespace Akka.Cluster;

/// <summary>One life of a node: where it is, and its incarnation.</summary>
[SuppressMessage("Design", "CA1036", Justification = "It has no other operators in Akka.NET.")]
public class UniqueAddress : IComparable<UniqueAddress>, IEquatable<UniqueAddress>, IComparable
{
    /// <summary>Creates the address.</summary>
    public UniqueAddress(Address address, int uid)
    {
        Address = address;
        Uid = uid;
    }

    /// <summary>Where it is.</summary>
    public Address Address { get; }

    /// <summary>Unlike that of any other life at the address; 0 before the node has joined.</summary>
    public int Uid { get; }

    /// <inheritdoc/>
    public bool Equals(UniqueAddress? other) => other is not null && Uid == other.Uid && Address == other.Address;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as UniqueAddress);

    /// <inheritdoc/>
    public override int GetHashCode() => Uid;

    /// <inheritdoc/>
    public int CompareTo(UniqueAddress? uniqueAddress)
    {
        if (uniqueAddress is null)
        {
            return 1;
        }

        var address = Member.AddressOrdering.Compare(Address, uniqueAddress.Address);
        return address != 0 ? address : Uid.CompareTo(uniqueAddress.Uid);
    }

    /// <inheritdoc/>
    public override string ToString() => $"UniqueAddress: ({Address}, {Uid})";

    /// <summary>Whether both are the same.</summary>
    public static bool operator ==(UniqueAddress? left, UniqueAddress? right) => Equals(left, right);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(UniqueAddress? left, UniqueAddress? right) => !Equals(left, right);

    int IComparable.CompareTo(object? obj) => CompareTo(obj as UniqueAddress);
}
