using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>The key by which other nodes know this one is secret.</summary>
internal sealed class ClusterKeyCheck : IHostCheck
{
    public IEnumerable<Finding> Examine(Examination host)
    {
        if (host.Node.Cluster?.Tls is not { } files || host.Facts.ClusterCertificate?.KeyIsOpen != true)
        {
            yield break;
        }

        yield return Finding.Warning(
            "cluster-key",
            files.Key,
            $"Every user of this host may read {files.Key} (lb.cluster.tls.key), by which other nodes know this one.",
            "Who has the key can pretend to be this node.",
            "lbd's own user has to be its owner or of its group")
            .FixedBy(new HostFix.Hide(files.Key));
    }
}
