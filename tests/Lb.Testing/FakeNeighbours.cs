using System.Collections.Concurrent;
using System.Net;
using System.Net.NetworkInformation;
using Lb.Kernel;

namespace Lb.Testing;

/// <summary>Reaches every address over interface 2, except where told otherwise.</summary>
public sealed class FakeNeighbours : INeighbours
{
    private readonly ConcurrentDictionary<IPAddress, NextHop?> _hops = [];
    private volatile HashSet<IPAddress> _local = [IPAddress.Parse("10.0.0.1")];

    public event Action? Changed;

    public NextHop? Resolve(IPAddress address) => _hops.TryGetValue(address, out NextHop? hop) ? hop : Hop(2);

    public IReadOnlySet<IPAddress> LocalAddresses() => _local;

    public void Set(IPAddress address, NextHop? hop)
    {
        _hops[address] = hop;
        Changed?.Invoke();
    }

    public void SetLocal(params IPAddress[] addresses)
    {
        _local = [.. addresses];
        Changed?.Invoke();
    }

    public static NextHop Hop(int interfaceIndex) => new(
        interfaceIndex,
        new PhysicalAddress([2, 0, 0, 0, 0, 1]),
        new PhysicalAddress([2, 0, 0, 0, 0, (byte)interfaceIndex]),
        IPAddress.Parse("10.0.0.1"),
        1500);

    public void Dispose()
    {
    }
}
