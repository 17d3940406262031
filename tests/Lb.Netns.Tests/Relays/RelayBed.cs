using System.Text.RegularExpressions;
using Lb.Netns.Tests.Node;
using Lb.Testing;

namespace Lb.Netns.Tests.Relays;

/// <summary>What scenarios of relays look at.</summary>
internal static class RelayBed
{
    /// <summary>What can intercept a relay's packets, for theories.</summary>
    public static TheoryData<string> Kinds => ["tproxy", "tc"];

    /// <summary>The site with some keys of its services' relays.</summary>
    public static SiteSpec With(this SiteSpec site, string relay) =>
        site.ChangeAll(service => service with { Relay = relay });

    /// <summary>The first service's relay.</summary>
    public static RelayAnswer Relay(this Lbd lbd) => lbd.Api.Services().Services[0].Relay
        ?? throw new InvalidOperationException("The service has no relay.");

    /// <summary>A backend of the first service.</summary>
    public static BackendAnswer Backend(this Lbd lbd, string name) =>
        lbd.Api.Services().Services[0].Backends.Single(backend => backend.Name == name);

    /// <summary>
    /// All that interception needs of the host: nftables, routing rules, local routes of other tables, traffic control.
    /// </summary>
    public static string Plumbing(TestNamespace host) => string.Join(
        '\n',
        host.Run("nft", "list", "ruleset"),
        host.Ip("rule show"),
        host.Ip("-6 rule show"),
        TrafficControl(host),
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
