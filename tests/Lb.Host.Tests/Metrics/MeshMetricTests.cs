using System.Net;
using System.Security.Cryptography.X509Certificates;
using Akka.Hosting;
using Lb.Actors;
using Lb.Cluster.Certificates;
using Lb.Cluster.Mesh;
using Lb.Host.Metrics;
using Lb.Host.Running;
using Lb.Pbm.Certificates;

namespace Lb.Host.Tests.Metrics;

/// <summary>What is measured of the traffic between nodes.</summary>
public sealed class MeshMetricTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lbm-").FullName;
    private readonly NodeState _state = new();
    private readonly SiteObserver _observer = new(new SiteClient(new Unregistered()));
    private readonly NodeMeter _node;
    private readonly MetricCollector _collector;

    public MeshMetricTests()
    {
        _node = new NodeMeter(_observer, _state, new AnnouncerBoard(), new SharingBoard(), new SliceBoard());
        _collector = new MetricCollector(_node);
        _collector.StartAsync(default).GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        _collector.Dispose();
        _node.Dispose();
        _observer.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Messages_refusals_and_the_end_of_the_certificate_are_measured_and_documented()
    {
        Assert.DoesNotContain("lb_cluster_", Text());
        await using MeshTransport mesh = Open();
        _state.Mesh = mesh;
        mesh.Send("10.0.0.2:9120", new byte[mesh.LongestMessage + 1]);

        string text = Text();
        Assert.Contains("lb_cluster_dropped_total{reason=\"length\"} 1\n", text);
        Assert.Contains("lb_cluster_messages_total{direction=\"sent\"} 0\n", text);
        Assert.Contains("lb_cluster_connections_total{result=\"failure\"} 0\n", text);
        Assert.Contains("lb_cluster_refused_total{reason=\"wrongAuthority\"} 0\n", text);
        Assert.Contains(
            $"lb_cluster_certificate_expiry_seconds {mesh.Credentials.Current.Until.ToUnixTimeSeconds()}\n", text);
        foreach (string name in text.Split('\n').Where(line => line.StartsWith("# TYPE lb_cluster_")).Select(line => line.Split(' ')[2]))
        {
            Assert.Contains($"`{name}`", Documentation.Operations);
        }
    }

    private string Text() => PrometheusText.Write(_collector.Collect());

    private MeshTransport Open()
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        IssuedCertificate issuer = CertificateIssuer.Authority("edge", TimeSpan.FromDays(1), now);
        using var authority = X509Certificate2.CreateFromPem(issuer.Certificate, issuer.Key);
        IssuedCertificate node = CertificateIssuer.Node(authority, "edge", [IPAddress.Loopback], TimeSpan.FromDays(1), now);
        CertificateFiles files = new(Write("ca", issuer.Certificate), Write("node", node.Certificate), Write("key", node.Key));
        return new MeshTransport(
            new MeshOptions { Address = "127.0.0.1:9120" },
            new CredentialSource(files, "edge", IPAddress.Loopback, TimeProvider.System), TimeProvider.System);
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private sealed class Unregistered : IRequiredActor<SiteActor>
    {
        public Akka.Actor.IActorRef ActorRef => Akka.Actor.ActorRefs.Nobody;

        public Task<Akka.Actor.IActorRef> GetAsync(CancellationToken cancellationToken = default) =>
            Task.FromResult(ActorRef);
    }
}
