using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Relays;

/// <summary>What scenarios of relays look at.</summary>
internal static class RelayBed
{
    private static IPAddress[] Vips =>
        [Addresses.NatVip4, Addresses.NatVip6, Addresses.RelayVip4, Addresses.RelayVip6];

    /// <summary>What can intercept a relay's packets, for theories.</summary>
    public static TheoryData<string> Kinds => ["tproxy", "tc", "sk_lookup"];

    /// <summary>The site with some keys of its services' relays.</summary>
    public static SiteSpec With(this SiteSpec site, string relay) =>
        site.ChangeAll(service => service with { Relay = relay });

    /// <summary>Makes VIPs the host's own where that is what the way needs.</summary>
    public static void OwnVips(this Topology topology, string interception)
    {
        if (interception == "sk_lookup")
        {
            topology.OwnVips();
        }
    }

    /// <summary>Makes VIPs the host's own: those of IPv4 as addresses, those of IPv6 by routes.</summary>
    public static void OwnVips(this Topology topology)
    {
        foreach (IPAddress vip in Vips)
        {
            _ = vip.AddressFamily == AddressFamily.InterNetwork
                ? topology.Lb.Ip($"address add {vip}/32 dev lo")
                : topology.Lb.Ip($"route add local {vip} dev lo");
        }
    }

    /// <summary>Makes VIPs the host's own no longer.</summary>
    public static void DisownVips(this Topology topology)
    {
        foreach (IPAddress vip in Vips)
        {
            _ = vip.AddressFamily == AddressFamily.InterNetwork
                ? topology.Lb.Ip($"address delete {vip}/32 dev lo")
                : topology.Lb.Ip($"route delete local {vip} dev lo");
        }
    }

    /// <summary>Programs that name sockets in the namespace of a host, one line for each link.</summary>
    public static string Lookups(TestNamespace host)
    {
        string space = host.Run("readlink", "/proc/self/ns/net").Split('[', ']')[1];
        using var links = JsonDocument.Parse(Links(host));
        return string.Join('\n', links.RootElement.EnumerateArray()
            .Where(link => link.TryGetProperty("netns_ino", out JsonElement ino) && $"{ino}" == space)
            .Select(link => $"link {link.GetProperty("attach_type")} id {link.GetProperty("prog_id")}"));
    }

    /// <summary>All links of the machine, those of tests beside this one too.</summary>
    /// <remarks>
    /// The kernel says EAGAIN of a link that is just being made, and bpftool gives up there: it is asked again.
    /// </remarks>
    private static string Links(TestNamespace host)
    {
        string links = "";
        Wait.Until(
            () =>
            {
                (int exitCode, links, string error) =
                    Command.TryRun("nsenter", $"--net={host.Path}", "bpftool", "-j", "link", "show");
                if (exitCode != 0 && !links.Contains("Resource temporarily unavailable", StringComparison.Ordinal))
                {
                    throw new InvalidOperationException($"bpftool ended with {exitCode}: {error}{links}");
                }

                return exitCode == 0;
            },
            "bpftool lists the links");
        return links;
    }

    /// <summary>The first service's relay.</summary>
    public static RelayAnswer Relay(this Lbd lbd) => lbd.Api.Services().Services[0].Relay
        ?? throw new InvalidOperationException("The service has no relay.");

    /// <summary>A backend of the first service.</summary>
    public static BackendAnswer Backend(this Lbd lbd, string name) =>
        lbd.Api.Services().Services[0].Backends.Single(backend => backend.Name == name);

    /// <summary>
    /// All that interception needs of the host: nftables, routing rules, local routes of other tables, traffic control,
    /// programs that name sockets.
    /// </summary>
    public static string Plumbing(TestNamespace host) => string.Join(
        '\n',
        host.Run("nft", "list", "ruleset"),
        host.Ip("rule show"),
        host.Ip("-6 rule show"),
        TrafficControl(host),
        Lookups(host),
        // Links and neighbours make routes of their own; the tables that everybody has are left out.
        Others(host.Ip("route show table all")),
        Others(host.Ip("-6 route show table all")));

    /// <summary>Plumbing as another process has it: programs that it has loaded itself have other numbers.</summary>
    public static string PlumbingOfAny(TestNamespace host) =>
        Regex.Replace(Plumbing(host), @"\bid [0-9]+", "id …", RegexOptions.NonBacktracking);

    /// <summary>Qdiscs and filters of the interfaces that a site has.</summary>
    public static string TrafficControl(TestNamespace host) => string.Join(
        '\n',
        ((string[])["client0", "backend0"]).SelectMany(device => (string[])
        [
            host.Run("tc", "qdisc", "show", "dev", device),
            host.Run("tc", "filter", "show", "dev", device, "ingress"),
        ]));

    private static string Others(string routes) => string.Join('\n', routes.Split('\n').Where(route =>
        route.Contains("table ", StringComparison.Ordinal)
        && !route.Contains("table local", StringComparison.Ordinal)));
}
