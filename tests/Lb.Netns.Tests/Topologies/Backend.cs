using System.Net;
using Lb.Testing;

namespace Lb.Netns.Tests.Topologies;

/// <summary>A server's namespace, and the switch that its cable is in.</summary>
internal sealed record Backend(string Name, TestNamespace Namespace, TestNamespace Switch, IPAddress V4, IPAddress V6)
{
    /// <summary>All addresses that a server in it answers on.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; } = [V4, V6, .. Topologies.Addresses.DsrVips];

    /// <summary>Pulls the cable: the backend is gone without a word.</summary>
    public void Disconnect() => Switch.Ip($"link set {Name} down");

    /// <summary>Plugs the cable in again.</summary>
    public void Reconnect() => Switch.Ip($"link set {Name} up");
}
