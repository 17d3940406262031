using System.Collections.Immutable;
using System.Net.Sockets;
using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>The host forwards IPv6 that comes in by the interfaces of nat backends.</summary>
internal sealed class ForwardingIPv6Check : IHostCheck
{
    public IEnumerable<Finding> Examine(Examination host)
    {
        IReadOnlyList<InterfaceFacts> exits = host.ReplyInterfaces(AddressFamily.InterNetworkV6);
        if (exits.Count == 0 || host.Facts.Network.IPv6 is not { } all)
        {
            yield break;
        }

        // The program asks the interface, the host's own stack the setting for all.
        InterfaceFacts[] closed = [.. exits.Where(exit => exit.IPv6 is { Forwarding: false } || !all.Forwarding)];
        foreach (InterfaceFacts exit in closed)
        {
            yield return Finding.Error(
                "ip6-forward",
                exit.Name,
                $"The host does not forward IPv6 that comes in by {exit.Name}.",
                "The kernel gives the program no next hop for replies of nat backends: no connection comes about.",
                "for the next boot: net.ipv6.conf.all.forwarding = 1 in /etc/sysctl.d")
                .FixedBy(Fixes(exit, all, host.Facts.Network));
        }
    }

    /// <summary>An interface that forwards follows router advertisements only when it is told to.</summary>
    private static ImmutableArray<HostFix> Fixes(InterfaceFacts exit, IPv6Settings all, NetworkFacts network)
    {
        IEnumerable<string> concerned = all.Forwarding
            ? network.RouterAdvertisements.Where(name => name == exit.Name)
            : network.RouterAdvertisements;
        return
        [
            .. concerned.Select(name => new HostFix.SetSysctl($"net/ipv6/conf/{name}/accept_ra", 2)),
            new HostFix.SetSysctl($"net/ipv6/conf/{(all.Forwarding ? exit.Name : "all")}/forwarding", 1),
        ];
    }
}
