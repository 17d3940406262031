namespace Lb.Host.Doctor.Checks;

/// <summary>Nodes of a cluster do not talk in the clear, but on one host.</summary>
internal sealed class ClusterClearTextCheck : IHostCheck
{
    public IEnumerable<Finding> Examine(Examination host)
    {
        if (host.Node.Cluster is not { Tls: null } cluster || System.Net.IPAddress.IsLoopback(cluster.Address.Address))
        {
            yield break;
        }

        yield return Finding.Warning(
            "cluster-clear",
            $"{cluster.Address}",
            $"Nodes of the cluster talk in the clear at {cluster.Address}: lb.cluster.tls is not set.",
            "Whoever reaches that port can pretend to be a node, and have others given up.",
            "make certificates with 'pbm cluster cert' and name them in lb.cluster.tls of all nodes");
    }
}
