using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Relays;

/// <summary>TLS servers whose certificates name their backend, and clients that ask for names.</summary>
internal static class TlsBed
{
    /// <summary>A TLS server in each backend that says its name, the name that it was asked for, and the client's address.</summary>
    public static Topology Topology(int backends)
    {
        Topology topology = Topologies.Topology.WithBackends(backends);
        foreach (Backend backend in topology.Backends)
        {
            string file = Path.Combine(topology.Folder, backend.Name);
            Issue(backend.Name, file);
            Nginx.Start(
                topology,
                backend.Namespace,
                backend.Name,
                Nginx.Http(topology, backend.Name, $$"""
                    server {
                      listen {{Addresses.ServerPort}} ssl http2;
                      listen [::]:{{Addresses.ServerPort}} ssl http2 ipv6only=on;
                      ssl_certificate {{file}}.pem;
                      ssl_certificate_key {{file}}.key;
                      location / { return 200 "{{backend.Name}} $remote_addr\n"; }
                    }
                    """),
                Addresses.ServerPort);
        }

        return topology;
    }

    /// <summary>A site whose backends have these keys, in their order.</summary>
    public static SiteSpec Site(Topology topology, Route route, params string[] keys) =>
        route.TcpSite(topology, keys.Length).ChangeAll(service => service with
        {
            Backends = [.. service.Backends.Index().Select(b => b.Item with { Keys = keys[b.Index] })],
        });

    /// <summary>What curl gets for a name; null is the address itself, which is not sent as a name.</summary>
    public static string Ask(Topology topology, Route route, string? name, params string[] options)
    {
        string host = name ?? route.EndPoint.ToString()[..^(route.Port.ToString(null, null).Length + 1)];
        string target = new IPEndPoint(route.Vip, route.Port).ToString();
        return topology.Client.Run(
            "curl", ["-sSfk", "-m", "5", "--connect-to", $"::{target}", .. options, $"https://{host}:{route.Port}/"]);
    }

    /// <summary>What openssl prints of a handshake.</summary>
    public static string Handshake(Topology topology, Route route, string options)
    {
        (_, string output, string error) = Command.TryRun(
            "nsenter", $"--net={topology.Client.Path}", "sh", "-c",
            $"echo | timeout 5 openssl s_client -connect {route.EndPoint} {options}");
        return output + error;
    }

    private static void Issue(string name, string file)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-60), DateTimeOffset.UtcNow.AddDays(60));
        File.WriteAllText($"{file}.pem", certificate.ExportCertificatePem());
        File.WriteAllText($"{file}.key", key.ExportPkcs8PrivateKeyPem());
    }
}
