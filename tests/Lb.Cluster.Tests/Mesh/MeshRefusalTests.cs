using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Lb.Cluster.Certificates;
using Lb.Cluster.Mesh;
using Lb.Pbm.Certificates;
using Lb.Testing;

namespace Lb.Cluster.Tests.Mesh;

/// <summary>Who is not let in, whichever end connects, and what is said about it.</summary>
public sealed class MeshRefusalTests : IAsyncLifetime
{
    private const string Good = "127.0.0.1";
    private const string Bad = "127.0.0.2";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly TestSite _site = new();
    private readonly TestSite _other = new();
    private readonly List<MeshNode> _nodes = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        _site.Dispose();
        _other.Dispose();
    }

    [Theory]
    [InlineData(RefusalReason.WrongAuthority, "which is none of this node's lb.cluster.tls.ca")]
    [InlineData(RefusalReason.Expired, "has expired at")]
    [InlineData(RefusalReason.NotYetValid, "see that the clocks of both nodes are right")]
    [InlineData(RefusalReason.OtherCluster, "its certificate is for a node of cluster [core], and this is [edge]")]
    [InlineData(RefusalReason.WrongHost, "its certificate is for 127.0.0.9 and not for 127.0.0.2")]
    public async Task A_node_without_a_right_certificate_is_refused_at_either_end(RefusalReason reason, string text)
    {
        var good = await StartAsync(Good);
        var bad = await StartAsync(Bad, _site.Credentials(Bad, Wrong(reason)));

        bad.Send(good, "let me in");
        Wait.Until(
            () => good.Reported<MeshReport.Refused>(report => Is(report, bad, reason, text)),
            "the one that is connected to refuses it", Soon);
        Wait.Until(() => bad.Reported<MeshReport.NotConnected>(report =>
            report.Why.Contains("may not take this node's certificate", StringComparison.Ordinal)
            || report.Why.Contains("turned this node away (403): its certificate is for", StringComparison.Ordinal)),
            () => $"the one that connects says so\n{bad.ReportText()}", TimeSpan.FromSeconds(3));

        var before = good.Transport.Counters[reason];
        good.Send(bad, "who are you");
        Wait.Until(() => good.Transport.Counters[reason] > before, "the one that connects refuses it", Soon);
        Assert.Empty(good.Received);
        Assert.Empty(bad.Received);
        Assert.Equal(0, good.Transport.Counters[MeshCount.ReceivedMessages]);
    }

    [Fact]
    public async Task Whoever_shows_no_certificate_is_refused()
    {
        var good = await StartAsync(Good);
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPEndPoint.Parse(good.Address));
        await using var tls = new SslStream(socket.GetStream());
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = Good,
                EnabledSslProtocols = SslProtocols.Tls13,
                CertificateChainPolicy = CertificateRules.PolicyOf([_site.Authority], CertificateRules.ServerUse),
                ApplicationProtocols = [SslApplicationProtocol.Http2],
            });

            // In TLS 1.3 the client is done before the server has judged it: it learns with what it reads.
            await tls.ReadExactlyAsync(new byte[1]);
        });
        Wait.Until(() => good.Reported<MeshReport.Refused>(report =>
            report.Refusal.Reason == RefusalReason.NoCertificate && report.Peer == "127.0.0.1"), "it is said", Soon);
        Assert.Equal(1, good.Transport.Counters[RefusalReason.NoCertificate]);
    }

    [Fact]
    public async Task Older_TLS_and_plain_text_are_no_way_in()
    {
        var good = await StartAsync(Good);
        var certificate = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(
            _site.Issue(Bad).Certificate);
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPEndPoint.Parse(good.Address));
        await using var tls = new SslStream(socket.GetStream());
        await Assert.ThrowsAnyAsync<Exception>(() => tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = Good,
            EnabledSslProtocols = SslProtocols.Tls12,
            CertificateChainPolicy = CertificateRules.PolicyOf([_site.Authority], CertificateRules.ServerUse),
            ClientCertificates = [certificate],
        }));

        using var plain = new TcpClient();
        await plain.ConnectAsync(IPEndPoint.Parse(good.Address));
        await plain.GetStream().WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        Assert.Equal(0, await ReadAsync(plain));
        Assert.Equal(0, good.Transport.IncomingCount);
    }

    [Fact]
    public async Task A_node_cannot_speak_for_another()
    {
        var good = await StartAsync(Good);
        var liar = await StartAsync(Bad);
        liar.Send(good, "mine");
        Wait.Until(() => good.Has("mine"), "its own arrives", Soon);
        liar.Send(good, "not mine", from: "127.0.0.3:9120");
        Wait.Until(
            () => good.Reported<MeshReport.FalseSender>(report =>
                report == new MeshReport.FalseSender(liar.Address, "127.0.0.3:9120")), "it is said", Soon);
        Assert.False(good.Has("not mine"));
        Assert.Equal(1, good.Transport.Counters[MeshCount.SkippedFalseSender]);
    }

    [Fact]
    public async Task The_same_is_said_of_a_peer_once_a_minute()
    {
        var good = await StartAsync(Good);
        var bad = await StartAsync(Bad, _site.Credentials(Bad, Wrong(RefusalReason.Expired)));
        Wait.Until(
            () =>
            {
                bad.Send(good, "let me in");
                return good.Transport.Counters[RefusalReason.Expired] >= 3;
            },
            "it tries again and again", Soon);
        Assert.Single(good.Reports.OfType<MeshReport.Refused>());
    }

    private static async Task<int> ReadAsync(TcpClient client)
    {
        try
        {
            return await client.GetStream().ReadAsync(new byte[1]);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static bool Is(MeshReport.Refused report, MeshNode bad, RefusalReason reason, string text) =>
        report.Refusal.Reason == reason && $"{report.Refusal}".Contains(text, StringComparison.Ordinal)
        && (report.Peer == bad.Address || report.Peer == Bad);

    private IssuedCertificate Wrong(RefusalReason reason) => reason switch
    {
        RefusalReason.WrongAuthority => _other.Issue(Bad),
        RefusalReason.Expired => _site.Issue(Bad, DateTimeOffset.UtcNow.AddDays(-3), TimeSpan.FromDays(2)),
        RefusalReason.NotYetValid => _site.Issue(Bad, DateTimeOffset.UtcNow.AddDays(2)),
        RefusalReason.OtherCluster => _site.Issue(Bad, cluster: "core"),
        _ => _site.Issue("127.0.0.9"),
    };

    private async Task<MeshNode> StartAsync(string host, CredentialSource? credentials = null)
    {
        var node = await MeshNode.StartAsync(_site, host, credentials);
        _nodes.Add(node);
        return node;
    }
}
