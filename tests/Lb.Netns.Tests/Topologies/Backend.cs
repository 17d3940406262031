using System.Net;
using Lb.Testing;

namespace Lb.Netns.Tests.Topologies;

/// <summary>A server's namespace.</summary>
internal sealed record Backend(string Name, TestNamespace Namespace, IPAddress V4, IPAddress V6)
{
    /// <summary>All addresses that a server in it answers on.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; } = [V4, V6, .. Topologies.Addresses.DsrVips];

    /// <summary>Pulls the cable: the backend is gone without a word.</summary>
    public void Disconnect() => Namespace.Ip("link set eth0 down");

    /// <summary>Plugs the cable in again.</summary>
    public void Reconnect()
    {
        Namespace.Ip("link set eth0 up");
        Topology.AddGateways(Namespace, "10.77.2.1", "fd77:2::1");
    }
}
