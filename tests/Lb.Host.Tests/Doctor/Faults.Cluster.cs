using Lb.Kernel.Host;

namespace Lb.Host.Tests.Doctor;

internal static partial class Faults
{
    private static IEnumerable<Fault> OfTheCluster() =>
    [
        Cluster("cluster-certificate", Error, "cannot be used: its certificate is for 10.0.0.9", c =>
            c with { Problem = "its certificate is for 10.0.0.9 and not for 192.0.2.100; issue one" }),
        Cluster("cluster-certificate", Error, "has expired at 2027-01-01 00:00Z", c => c with { ReadAt = c.Until!.Value }),
        Cluster("cluster-certificate", Error, "does not hold before 2026-01-01", c => c with { ReadAt = c.From!.Value.AddDays(-1) }),
        Cluster("cluster-certificate", Warning, "2027-01-01 00:00Z, in 13 days", c =>
            c with { ReadAt = c.Until!.Value.AddDays(-13) }),
        Cluster("cluster-key", Warning, "/etc/lb/cluster/node-key.pem", c => c with { KeyIsOpen = true }),
        new("cluster-clear", Warning, "in the clear at 10.0.0.1:9120", facts => facts) { Lines = "lb.cluster.host = 10.0.0.1" },
    ];

    private static Fault Cluster(
        string code, Lb.Host.Doctor.FindingSeverity severity, string named, Func<CertificateFacts, CertificateFacts> change) =>
        new(code, severity, named, facts => facts with { ClusterCertificate = change(HealthyHost.Remote.Certificate) })
        {
            Lines = HealthyHost.ClusterLines,
        };
}
