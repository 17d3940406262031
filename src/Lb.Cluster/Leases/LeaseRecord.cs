namespace Lb.Cluster.Leases;

/// <summary>What the database says of a lease; the times are of its clock.</summary>
/// <param name="Name">What the lease is about.</param>
/// <param name="Owner">Who holds it, or held it last.</param>
/// <param name="Term">The fencing token: each owner's is higher than the one of the owner before.</param>
/// <param name="AcquiredAt">When it was taken.</param>
/// <param name="ExpiresIn">How long it is held unless it is renewed; zero or less when nobody holds it.</param>
public sealed record LeaseRecord(
    string Name, string Owner, long Term, DateTimeOffset AcquiredAt, TimeSpan ExpiresIn)
{
    /// <summary>Whether somebody holds it.</summary>
    public bool IsHeld => ExpiresIn > TimeSpan.Zero;
}
