using System.Net;
using Lb.Kernel;

namespace Lb.Host.Configuration;

/// <summary>What must hold within the node's own keys, and between them and the services.</summary>
internal static class NodeRules
{
    private const int MostPrefixes = 512;

    public static IEnumerable<ConfigIssue> Check(SectionValues lb, IReadOnlyCollection<ServiceDraft> services) =>
    [
        .. SameInterface(lb),
        .. Prefixes(lb.Get(NodeKeys.Nat.Key)),
        .. Connection(lb.Get(NodeKeys.Journal.Key), NodeKeys.Journal.Provider, NodeKeys.Journal.ConnectionString, "journal"),
        .. Connection(lb.Get(ClusterKeys.Key), ClusterKeys.Provider, ClusterKeys.ConnectionString, "cluster"),
        .. ClusterRules.Check(lb.Get(ClusterKeys.Key)),
        .. Remote(lb.Get(NodeKeys.Admin.Key)),
        .. FullNatRules.Check(lb.Get(FullNatKeys.Key), services),
        .. SpreadRules.Check(lb.Get(SpreadKeys.Key), HostCpus.Read()),
        .. AnnounceRules.Check(lb.Get(AnnounceKeys.Key)),
        .. AnnounceRules.Prefixes(lb.Get(AnnounceKeys.Key), services),
        .. Limits(lb.Get(NodeKeys.Kernel.Key), services),
    ];

    private static IEnumerable<ConfigIssue> Connection(
        SectionValues section, ValueKey<JournalProvider> kind, ValueKey<string> connection, string name)
    {
        if (section.Find(kind) is { Value: JournalProvider.PostgreSql } provider
            && section.Find(connection) is { Value: "" })
        {
            yield return provider.Error(
                "PostgreSQL is chosen and nothing says where it is",
                $"lb.{name}.connection-string beside it",
                "add connection-string = \"Host=…;Database=…;Username=…\"");
        }
    }

    /// <summary>What comes from elsewhere comes by TLS, and not where the local API listens.</summary>
    private static IEnumerable<ConfigIssue> Remote(SectionValues admin)
    {
        SectionValues remote = admin.Get(NodeKeys.Admin.Remote.Key);
        if (remote.Find(NodeKeys.Admin.Remote.Host) is not { Value: { } address } host)
        {
            yield break;
        }

        ValueKey<string?>[] files = [NodeKeys.Admin.Remote.Certificate, NodeKeys.Admin.Remote.PrivateKey];
        foreach (ValueKey<string?> file in files.Where(file => remote.Find(file) is { Value: null }))
        {
            yield return host.Error(
                $"the API is to listen at {address} without a {file.Name}",
                $"lb.admin.remote.{file.Name} beside it: from elsewhere it is reached by TLS alone",
                $"add {file.Name} = \"/etc/lb/tls/{file.Name}.pem\"");
        }

        bool overlaps = address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)
            || address.Equals(admin.Find(NodeKeys.Admin.Host)?.Value);
        if (overlaps
            && remote.Find(NodeKeys.Admin.Remote.Port) is { } port
            && admin.Find(NodeKeys.Admin.Port)?.Value == port.Value)
        {
            yield return port.Error(
                $"{port.Value} is also lb.admin.port, at an address that {address} covers",
                "a port of its own",
                "choose another one, as 9111");
        }
    }

    /// <summary>The kernel's maps have room for these and the node's own addresses.</summary>
    private static IEnumerable<ConfigIssue> Prefixes(SectionValues nat)
    {
        if (nat.Find(NodeKeys.Nat.Direct) is { } direct && direct.Value.Length > MostPrefixes)
        {
            yield return direct.Error(
                $"there are {direct.Value.Length} prefixes", $"at most {MostPrefixes}", "join neighbouring prefixes");
        }
    }

    private static IEnumerable<ConfigIssue> SameInterface(SectionValues lb)
    {
        if (lb.Find(NodeKeys.Interfaces) is not { } interfaces)
        {
            yield break;
        }

        foreach (Located<string> twice in interfaces.Value.GroupBy(i => i.Value).SelectMany(same => same.Skip(1)))
        {
            yield return twice.Error($"{twice.Value} is listed twice", "each interface once", "remove one of the two");
        }
    }

    private static IEnumerable<ConfigIssue> Limits(SectionValues kernel, IReadOnlyCollection<ServiceDraft> services)
    {
        if (kernel.Find(NodeKeys.Kernel.MaxServices) is { } maxServices && services.Count > maxServices.Value)
        {
            yield return maxServices.Error(
                $"{maxServices.Value} is less than the {services.Count} services of the site",
                "room for every service",
                $"raise it to {services.Count} at least");
        }

        int backends = services.Sum(s => s.Backends.Length);
        if (kernel.Find(NodeKeys.Kernel.MaxBackends) is { } maxBackends && backends >= maxBackends.Value)
        {
            yield return maxBackends.Error(
                $"{maxBackends.Value} has room for {maxBackends.Value - 1} backends and the site has {backends}",
                "room for every backend, and for one entry that is none",
                $"raise it to {backends + 1} at least, more where backends come and go");
        }
    }
}
