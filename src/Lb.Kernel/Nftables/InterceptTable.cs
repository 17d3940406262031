using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Lb.Kernel.Nftables;

/// <summary>The nftables table of a site: it hands packets of relayed services to the sockets of their relays.</summary>
/// <param name="site">Name of the site.</param>
/// <param name="mark">Mark of packets that are taken out of the host's forwarding.</param>
/// <param name="untracked">Mark of the sockets whose packets connection tracking leaves alone; 0 for none.</param>
internal sealed class InterceptTable(string site, uint mark, uint untracked)
{
    /// <summary>Family and name of the table. Nothing else of nftables is touched.</summary>
    public string Name { get; } = $"inet lb_{site}";

    /// <summary>What the kernel has, as <c>nft</c> lists it; null when the table is not there.</summary>
    public string? Read() => NftCommands.Ask($"list table {Name}");

    /// <summary>Puts the table in place of the one that is there, in one transaction.</summary>
    /// <param name="services">Services that it has a part in.</param>
    /// <param name="taken">Those whose clients' packets it takes to their listeners.</param>
    public void Write(IReadOnlyCollection<Endpoint> services, IReadOnlyCollection<Endpoint> taken) =>
        NftCommands.Run(Replacement(services, taken), $"write the table {Name}");

    /// <summary>Removes the table if it is there.</summary>
    public void Delete() => NftCommands.Run($"add table {Name}\ndelete table {Name}\n", $"delete the table {Name}");

    /// <summary>
    /// The commands. A packet of a connection that a relay has finds its socket at once, in both directions: from the
    /// client, and from a backend to the client's address. Any other for a service goes to its listener.
    /// </summary>
    private string Replacement(IReadOnlyCollection<Endpoint> services, IReadOnlyCollection<Endpoint> taken)
    {
        StringBuilder text = new();
        string set = string.Create(CultureInfo.InvariantCulture, $"meta mark set 0x{mark:x8} accept");
        text.Append(CultureInfo.InvariantCulture, $$"""
            add table {{Name}}
            delete table {{Name}}
            table {{Name}} {
            {{Bypass(services)}}  chain intercept {
                type filter hook prerouting priority mangle; policy accept;
                meta l4proto { {{Protocols(services)}} } socket transparent 1 socket wildcard 0 {{set}}

            """);
        foreach (Endpoint vip in taken.OrderBy(vip => vip.ToString(), StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $$"""
                    {{Destination(vip)}} tproxy {{Family(vip)}} to {{new IPEndPoint(vip.Address, vip.Port)}} {{set}}

                """);
        }

        return text.Append("  }\n}\n").ToString();
    }

    /// <summary>
    /// Before connection tracking looks: what clients send is known by its destination, also while its connection has no
    /// socket of its own yet; what backends send, and all that relays send, by the mark of the socket.
    /// </summary>
    private string Bypass(IReadOnlyCollection<Endpoint> services)
    {
        if (untracked == 0)
        {
            return "";
        }

        string rule = string.Create(CultureInfo.InvariantCulture, $"mark 0x{untracked:x8} notrack");
        StringBuilder text = new("  chain untracked-in {\n    type filter hook prerouting priority raw; policy accept;\n");
        foreach (Endpoint vip in services.OrderBy(vip => vip.ToString(), StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"    {Destination(vip)} notrack\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $$"""
                meta l4proto { {{Protocols(services)}} } socket {{rule}}
              }
              chain untracked-out {
                type filter hook output priority raw; policy accept;
                meta {{rule}}
              }

            """).ToString();
    }

    private static string Family(Endpoint vip) => vip.Address.AddressFamily == AddressFamily.InterNetwork ? "ip" : "ip6";

    private static string Destination(Endpoint vip) => string.Create(
        CultureInfo.InvariantCulture, $"{Family(vip)} daddr {vip.Address} {Word(vip.Protocol)} dport {vip.Port}");

    /// <summary>
    /// Those that are relayed, so that packets of others cost no look-up, and ICMP: its errors are about connections, and
    /// nftables looks up the socket of the packet inside.
    /// </summary>
    private static string Protocols(IEnumerable<Endpoint> services) => string.Join(
        ", ", services.Select(vip => vip.Protocol).Distinct().Order().Select(Word).Append("icmp").Append("ipv6-icmp"));

    private static string Word(TransportProtocol protocol) => protocol == TransportProtocol.Udp ? "udp" : "tcp";
}
