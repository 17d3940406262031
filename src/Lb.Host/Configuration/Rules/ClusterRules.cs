using System.Net;
using Lb.Cluster.Transport;

namespace Lb.Host.Configuration;

/// <summary>What must hold for a node of a cluster to be known by others, and to know them.</summary>
internal static class ClusterRules
{
    public static IEnumerable<ConfigIssue> Check(SectionValues cluster)
    {
        SectionValues tls = cluster.Get(ClusterKeys.Tls.Key);
        ValueKey<string?>[] files = [ClusterKeys.Tls.Authorities, ClusterKeys.Tls.Certificate, ClusterKeys.Tls.PrivateKey];
        List<Located<string?>> given = [.. files.Select(tls.Find).OfType<Located<string?>>().Where(file => file.Value is not null)];
        if (given.Count > 0)
        {
            return files.Where(file => tls.Find(file) is { Value: null }).Select(missing => given[0].Error(
                $"there is no lb.cluster.tls.{missing.Name} beside it",
                "all of ca, certificate and key, or none of them",
                $"add {missing.Name} = \"/etc/lb/cluster/{FileOf(missing.Name)}\"; 'pbm cluster cert' makes all three"));
        }

        return cluster.Find(ClusterKeys.Host) is { Value: { } address } host && !UdpTransport.IsPrivate(address)
            ? [InTheClear(host, address)]
            : [];
    }

    private static ConfigIssue InTheClear(Located<IPAddress?> host, IPAddress address) => host.Error(
        $"{address} is a public address, and without lb.cluster.tls nodes talk in the clear",
        "a loopback or private address, or certificates",
        "make certificates with 'pbm cluster cert' and name them in lb.cluster.tls");

    private static string FileOf(string key) => key switch
    {
        "ca" => "ca.pem",
        "certificate" => "node.pem",
        _ => "node-key.pem",
    };
}
