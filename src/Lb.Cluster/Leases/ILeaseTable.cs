namespace Lb.Cluster.Leases;

/// <summary>
/// Where leases are kept. Each operation is atomic and goes by the clock of the table alone. One that fails, or that
/// nobody waits for any more, may or may not be done, now or later: whoever holds a lease believes in it only for as
/// long as it would last had it been renewed when the last renewal that succeeded was <em>sent</em>.
/// </summary>
public interface ILeaseTable
{
    /// <summary>
    /// Takes a lease that nobody else holds and returns its term, higher than any before and than
    /// <paramref name="floor"/>; null when another holder has it.
    /// </summary>
    Task<long?> TryAcquireAsync(LeaseHolder holder, long floor, TimeSpan timeToLive, TimeSpan timeout);

    /// <summary>Prolongs a lease that is held at that term; false when it is not, any more.</summary>
    Task<bool> RenewAsync(LeaseHolder holder, long term, TimeSpan timeToLive, TimeSpan timeout);

    /// <summary>Gives a lease back that is held at that term; false when it is not, any more.</summary>
    Task<bool> ReleaseAsync(LeaseHolder holder, long term, TimeSpan timeout);

    /// <summary>Returns what is known of a lease, if it was ever held.</summary>
    Task<LeaseRecord?> ReadAsync(string name, TimeSpan timeout);
}

/// <summary>One who wants a lease.</summary>
/// <param name="Name">What the lease is about.</param>
/// <param name="Owner">Who wants it, for people to read.</param>
/// <param name="Id">
/// Unlike that of any other holder: a process that was restarted is not the holder that it was, even as the same owner.
/// </param>
public sealed record LeaseHolder(string Name, string Owner, string Id);
