using System.Diagnostics.CodeAnalysis;

namespace Akka.Coordination;

/// <summary>
/// A lock that is kept outside of the process and held by one owner at a time. It is lost when its owner does not
/// renew it in time; who holds it can be told so.
/// </summary>
[SuppressMessage("Design", "CA1012", Justification = "The constructor is public in Akka.NET.")]
[SuppressMessage("Design", "MA0017", Justification = "The constructor is public in Akka.NET.")]
public abstract class Lease
{
    /// <summary>Creates the lease; nobody holds it yet.</summary>
    public Lease(LeaseSettings settings)
    {
        Settings = settings;
    }

    /// <summary>The settings.</summary>
    public LeaseSettings Settings { get; }

    /// <summary>
    /// Tries to take the lease: true when it was taken or is held already, false when another owner holds it.
    /// </summary>
    /// <exception cref="LeaseTimeoutException">No answer came in time: the lease may or may not be held.</exception>
    /// <exception cref="LeaseException">The lease cannot be reached.</exception>
    public abstract Task<bool> Acquire();

    /// <summary>
    /// Tries to take the lease; <paramref name="leaseLostCallback"/> is called when it was held and is lost, with the
    /// cause where there is one. Nothing that the lease guards may go on then.
    /// </summary>
    /// <exception cref="LeaseTimeoutException">No answer came in time: the lease may or may not be held.</exception>
    /// <exception cref="LeaseException">The lease cannot be reached.</exception>
    public abstract Task<bool> Acquire(Action<Exception> leaseLostCallback);

    /// <summary>Gives the lease back: true when it was released, false when its release must be left to time.</summary>
    /// <exception cref="LeaseTimeoutException">No answer came in time: the lease may or may not be held.</exception>
    public abstract Task<bool> Release();

    /// <summary>Whether the lease is held, as far as this process knows, without asking anybody.</summary>
    public abstract bool CheckLease();
}
