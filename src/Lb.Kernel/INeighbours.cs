using System.Net;

namespace Lb.Kernel;

/// <summary>Knows how the host reaches an address, and says when that may have changed.</summary>
public interface INeighbours : IDisposable
{
    /// <summary>
    /// Raised, from any thread and at most a few times a second, after a route, link, address or neighbour changed.
    /// </summary>
    event Action? Changed;

    /// <summary>The next hop towards an address; null while the route or the neighbour is not known.</summary>
    /// <remarks>When the neighbour is missing the kernel is asked to resolve it; <see cref="Changed"/> tells.</remarks>
    NextHop? Resolve(IPAddress address);

    /// <summary>The node's own addresses.</summary>
    IReadOnlySet<IPAddress> LocalAddresses();
}
