using System.Net;

namespace Lb.Kernel;

/// <summary>
/// Which service a packet is for where services have prefixes and port ranges: that with just its address and port, else
/// the one with the longest prefix, and of those the one with the fewest ports. Pure.
/// </summary>
public static class RangeRule
{
    /// <summary>The service of an address and port; null when there is none.</summary>
    public static Endpoint? Find(
        IEnumerable<Endpoint> services, IPAddress address, ushort port, TransportProtocol protocol)
    {
        ArgumentNullException.ThrowIfNull(services);
        Endpoint? found = null;
        foreach (Endpoint service in services)
        {
            if (service.Covers(address, port, protocol) && (found is not { } other || Compare(service, other) < 0))
            {
                found = service;
            }
        }

        return found;
    }

    /// <summary>Orders services that a packet may be for: what it is for comes first.</summary>
    public static int Compare(Endpoint a, Endpoint b)
    {
        int byAddress = a.OpenBits.CompareTo(b.OpenBits);
        int byWidth = (a.HighestPort - a.Port).CompareTo(b.HighestPort - b.Port);
        return byAddress != 0 ? byAddress : byWidth != 0 ? byWidth : a.Port.CompareTo(b.Port);
    }

    /// <summary>
    /// Whether two services share ports so that neither is the closer one: they have the same addresses and protocol, and
    /// each has ports that the other has not.
    /// </summary>
    public static bool IsAmbiguous(Endpoint a, Endpoint b) =>
        a.Protocol == b.Protocol && a.OpenBits == b.OpenBits && a.Address.Equals(b.Address)
        && Overlap(a, b) && !Holds(a, b) && !Holds(b, a);

    /// <summary>The ports of each prefix that services have, and which service has them.</summary>
    /// <remarks>What a longer prefix leaves open is that of the shorter ones: nobody has to look twice.</remarks>
    internal static Dictionary<IPNetwork, Dictionary<(TransportProtocol Protocol, PortBlock Block), Endpoint>> Groups(
        IReadOnlyCollection<Endpoint> services)
    {
        Dictionary<IPNetwork, Dictionary<(TransportProtocol, PortBlock), Endpoint>> groups = [];
        Endpoint[] prefixes = [.. services.Where(service => service.IsPrefix)];
        ILookup<IPAddress, Endpoint> single = services.Where(service => !service.IsPrefix).ToLookup(service => service.Address);
        foreach (IPNetwork network in services.Select(service => service.Network).Distinct())
        {
            Dictionary<(TransportProtocol, PortBlock), Endpoint> ports = [];
            bool isSingle = network.PrefixLength == 8 * network.BaseAddress.GetAddressBytes().Length;
            IEnumerable<Endpoint> here = prefixes
                .Where(service => service.Network.PrefixLength <= network.PrefixLength && service.Covers(network.BaseAddress))
                .Concat(isSingle ? single[network.BaseAddress] : []);
            foreach (IGrouping<TransportProtocol, Endpoint> same in here.GroupBy(service => service.Protocol))
            {
                foreach ((PortBlock block, Endpoint service) in Flatten([.. same.Order(Comparer<Endpoint>.Create(Compare))]))
                {
                    ports.Add((same.Key, block), service);
                }
            }

            groups.Add(network, ports);
        }

        return groups;
    }

    /// <summary>Gives each port to the first service that has it.</summary>
    private static IEnumerable<(PortBlock Block, Endpoint Service)> Flatten(Endpoint[] services)
    {
        int[] edges = [.. services
            .SelectMany(service => (int[])[service.Port, service.HighestPort + 1])
            .Distinct()
            .Order()];
        int from = 0;
        while (from < edges.Length - 1)
        {
            Endpoint? owner = Owner(edges[from]);
            int to = from + 1;
            while (to < edges.Length - 1 && Owner(edges[to]) == owner)
            {
                to++;
            }

            foreach (PortBlock block in owner is null ? [] : PortBlock.Split((ushort)edges[from], (ushort)(edges[to] - 1)))
            {
                yield return (block, owner!.Value);
            }

            from = to;
        }

        Endpoint? Owner(int port)
        {
            foreach (Endpoint service in services)
            {
                if (port >= service.Port && port <= service.HighestPort)
                {
                    return service;
                }
            }

            return null;
        }
    }

    private static bool Overlap(Endpoint a, Endpoint b) => a.Port <= b.HighestPort && b.Port <= a.HighestPort;

    private static bool Holds(Endpoint a, Endpoint b) => a.Port <= b.Port && b.HighestPort <= a.HighestPort;
}
