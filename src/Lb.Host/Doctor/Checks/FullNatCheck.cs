using System.Globalization;
using Lb.Kernel;

namespace Lb.Host.Doctor.Checks;

/// <summary>Addresses of full-nat are the host's, and the host's own connections do not get the ports of flows.</summary>
internal sealed class FullNatCheck : IHostCheck
{
    public IEnumerable<Finding> Examine(Examination host) =>
    [
        .. host.Node.FullNat.Sources.OrderBy(source => source.Address.ToString(), StringComparer.Ordinal)
            .SelectMany(source => Examine(host, source)),
        .. Missing(host),
    ];

    private static IEnumerable<Finding> Examine(Examination host, FullNatSource source)
    {
        if (!host.Facts.Network.OwnFullNat.Contains(source.Address))
        {
            yield return Finding.Info(
                "full-nat-address",
                $"{source.Address}",
                $"{source.Address}, which full-nat sends from, is no address of this host.",
                "Backends' replies come here only where routers send packets for it to this host; nobody here answers for it "
                + "on a link.");
            yield break;
        }

        if (Shared(host, source) is { } shared)
        {
            string range = string.Create(CultureInfo.InvariantCulture, $"{shared.First}-{shared.Last}");
            yield return Finding.Error(
                "full-nat-ports",
                $"{source.Address}",
                $"The host gives ports {range} of {source.Address} to its own connections, and full-nat to its flows.",
                "A connection of the host to a backend (a health check) may have the port of a flow: its replies go to that "
                + "flow's client.",
                "set full-nat.ports to others than those of net.ipv4.ip_local_port_range, or keep them from the host: "
                + $"sysctl -w net.ipv4.ip_local_reserved_ports={range}, with those that are reserved already");
        }
    }

    /// <summary>A node without an address for a service drops its packets.</summary>
    private static IEnumerable<Finding> Missing(Examination host) =>
        from service in host.Site.Services.Values
        where service.Mode == ForwardingMode.FullNat
            && !host.Node.FullNat.Sources.Any(source => source.Address.AddressFamily == service.Vip.Address.AddressFamily)
        select Finding.Error(
            "full-nat-missing",
            service.Name,
            $"Service {service.Name} has mode = full-nat, and this node no address of its VIP's family for that.",
            "Every packet of a new flow is dropped here (dropNoPort).",
            "add an address of this node to full-nat.addresses in its file, and restart lbd");

    /// <summary>The first ports that both use; null for none.</summary>
    private static (int First, int Last)? Shared(Examination host, FullNatSource source)
    {
        if (host.Facts.Network.LocalPorts is not { } local)
        {
            return null;
        }

        int first = Math.Max(local.First, source.First);
        int last = Math.Min(local.Last, source.Last);
        foreach ((int from, int to) in host.Facts.Network.ReservedPorts.OrderBy(range => range.First))
        {
            if (from <= first && to >= first)
            {
                first = to + 1;
            }
        }

        return first <= last ? (first, last) : null;
    }
}
