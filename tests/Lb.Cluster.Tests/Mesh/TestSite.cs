using System.Net;
using System.Security.Cryptography.X509Certificates;
using Lb.Cluster.Certificates;
using Lb.Pbm.Certificates;

namespace Lb.Cluster.Tests.Mesh;

/// <summary>An authority of a cluster and the files of its nodes, as pbm makes them. Nothing is left behind.</summary>
internal sealed class TestSite : IDisposable
{
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    private readonly string _folder = Directory.CreateTempSubdirectory("lbm-").FullName;
    private int _count;

    public TestSite(string cluster = "edge")
    {
        Cluster = cluster;
        AuthorityPem = CertificateIssuer.Authority(cluster, 2 * Year, DateTimeOffset.UtcNow - Year);
    }

    public string Cluster { get; }

    public IssuedCertificate AuthorityPem { get; }

    public X509Certificate2 Authority => X509Certificate2.CreateFromPem(AuthorityPem.Certificate, AuthorityPem.Key);

    /// <summary>Issues a certificate that holds from an hour before its start.</summary>
    public IssuedCertificate Issue(string host, DateTimeOffset? start = null, TimeSpan? validity = null, string? cluster = null) =>
        CertificateIssuer.Node(
            Authority, cluster ?? Cluster, [IPAddress.Parse(host)], validity ?? TimeSpan.FromDays(90),
            start ?? DateTimeOffset.UtcNow);

    /// <summary>Writes the files of a node.</summary>
    public CertificateFiles Write(IssuedCertificate node, string? authorities = null)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, $"{_count++}")).FullName;
        var files = new CertificateFiles(
            Path.Combine(folder, "ca.pem"), Path.Combine(folder, "node.pem"), Path.Combine(folder, "node-key.pem"));
        Replace(files, node, authorities);
        return files;
    }

    /// <summary>Writes a node's files anew.</summary>
    public void Replace(CertificateFiles files, IssuedCertificate node, string? authorities = null)
    {
        File.WriteAllText(files.Authorities, authorities ?? AuthorityPem.Certificate);
        File.WriteAllText(files.Key, node.Key);
        File.WriteAllText(files.Certificate, node.Certificate);
    }

    public CredentialSource Credentials(string host, IssuedCertificate? node = null, string? authorities = null) => new(
        Write(node ?? Issue(host), authorities), Cluster, IPAddress.Parse(host), TimeProvider.System);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
