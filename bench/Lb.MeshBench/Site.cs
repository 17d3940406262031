using System.Net;
using System.Security.Cryptography.X509Certificates;
using Lb.Cluster.Certificates;
using Lb.Cluster.Mesh;
using Lb.Cluster.Transport;
using Lb.Pbm.Certificates;

namespace Lb.MeshBench;

/// <summary>Makes transports of either kind for nodes at 127.0.0.N. Nothing is left behind.</summary>
internal sealed class Site : IDisposable
{
    private const string Name = "bench";
    private const int Port = 9120;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly IssuedCertificate _authority = CertificateIssuer.Authority(Name, Day, DateTimeOffset.UtcNow);

    /// <summary>A folder of the run.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("lb-mesh-").FullName;

    public static string AddressOf(int node) => $"127.0.0.{node + 1}:{Port}";

    /// <summary>Makes a node's transport.</summary>
    public IClusterTransport Open(int node, bool tls) => tls ? OpenMesh(node) : new UdpTransport(AddressOf(node));

    public MeshTransport OpenMesh(int node)
    {
        var host = IPAddress.Parse($"127.0.0.{node + 1}");
        using var authority = X509Certificate2.CreateFromPem(_authority.Certificate, _authority.Key);
        var issued = CertificateIssuer.Node(authority, Name, [host], Day, DateTimeOffset.UtcNow);
        var files = new CertificateFiles(Write("ca", node, _authority.Certificate), Write("node", node, issued.Certificate), Write("key", node, issued.Key));
        return new MeshTransport(
            new MeshOptions { Address = AddressOf(node) },
            new CredentialSource(files, Name, host, TimeProvider.System),
            TimeProvider.System,
            report =>
            {
                if (report is not MeshReport.Connected and not MeshReport.Lost and not MeshReport.Expiring
                    and not MeshReport.NotConnected)
                {
                    Console.Error.WriteLine(report);
                }
            });
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private string Write(string what, int node, string text)
    {
        var path = Path.Combine(Folder, $"{what}{node}.pem");
        File.WriteAllText(path, text);
        return path;
    }
}
