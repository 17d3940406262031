using Lb.Cluster.Certificates;
using Lb.Cluster.Mesh;
using Lb.Testing;

namespace Lb.Cluster.Tests.Mesh;

/// <summary>Certificates that change while nodes run.</summary>
public sealed class MeshRenewalTests : IAsyncLifetime
{
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

    [Fact]
    public async Task A_certificate_that_is_renewed_is_shown_on_connections_made_anew()
    {
        var files = _site.Write(_site.Issue("127.0.0.1", validity: TimeSpan.FromDays(3)));
        var one = await StartAsync("127.0.0.1", files);
        var two = await StartAsync("127.0.0.2", _site.Write(_site.Issue("127.0.0.2")));
        Assert.True(one.Reported<MeshReport.Expiring>(report => !report.IsOver), "it is warned of its end");
        Until(() => two.Has("first") && one.Has("first"), one, two, "first");

        _site.Replace(files, _site.Issue("127.0.0.1"));
        Until(() => one.Reported<MeshReport.CertificatesRead>(), one, two, null);
        Until(() => one.Transport.Counters[MeshCount.Connections] == 2, one, two, "kept up");
        Until(() => two.Has("second") && one.Has("second"), one, two, "second");
        Assert.Equal(0, one.Transport.Counters[MeshCount.ConnectFailures]);
        Assert.Single(one.Reports.OfType<MeshReport.Expiring>());
    }

    [Fact]
    public async Task Files_that_do_not_belong_together_are_said_and_not_used()
    {
        var files = _site.Write(_site.Issue("127.0.0.1"));
        var one = await StartAsync("127.0.0.1", files);
        var before = one.Transport.Credentials.Current;

        // As in the middle of a copy: the key is another one's.
        var renewed = _site.Issue("127.0.0.1");
        await File.WriteAllTextAsync(files.Key, renewed.Key);
        Until(() => one.Reported<MeshReport.CertificatesUnusable>(), one, one, null);
        Assert.Same(before, one.Transport.Credentials.Current);
        Assert.Contains("node.pem", one.Transport.Credentials.Problem);

        await File.WriteAllTextAsync(files.Certificate, renewed.Certificate);
        Until(() => one.Transport.Credentials.Current != before, one, one, null);
        Assert.Null(one.Transport.Credentials.Problem);
        Assert.Single(one.Reports.OfType<MeshReport.CertificatesUnusable>());
    }

    [Fact]
    public async Task A_certificate_of_another_node_does_not_take_the_place_of_the_right_one()
    {
        var files = _site.Write(_site.Issue("127.0.0.1"));
        var one = await StartAsync("127.0.0.1", files);
        _site.Replace(files, _site.Issue("127.0.0.9"));
        Until(
            () => one.Reported<MeshReport.CertificatesUnusable>(report =>
                report.Why.Contains("is for 127.0.0.9 and not for 127.0.0.1", StringComparison.Ordinal)), one, one, null);
    }

    [Fact]
    public async Task An_authority_that_is_taken_out_takes_its_nodes_with_it()
    {
        var files = _site.Write(_site.Issue("127.0.0.1"), Both());
        var one = await StartAsync("127.0.0.1", files);
        var old = await StartAsync("127.0.0.2", _other.Write(_other.Issue("127.0.0.2"), Both()));
        Until(() => one.Has("first") && old.Has("first"), one, old, "first");

        _site.Replace(files, _site.Issue("127.0.0.1"));
        Until(
            () => one.Reported<MeshReport.Refused>(report => report.Refusal.Reason == RefusalReason.WrongAuthority),
            one, old, "second");
        Until(() => one.Transport.IncomingCount == 0, one, old, null);

        string Both() => _site.AuthorityPem.Certificate + "\n" + _other.AuthorityPem.Certificate;
    }

    private static void Until(Func<bool> condition, MeshNode one, MeshNode two, string? said) => Wait.Until(
        () =>
        {
            if (said is not null)
            {
                one.Send(two, said);
                two.Send(one, said);
            }

            return condition();
        },
        () => $"it comes about\n{one.ReportText()}\n{two.ReportText()}",
        Soon);

    private async Task<MeshNode> StartAsync(string host, CertificateFiles files)
    {
        var credentials = new CredentialSource(files, "edge", System.Net.IPAddress.Parse(host), TimeProvider.System);
        var node = await MeshNode.StartAsync(_site, host, credentials);
        _nodes.Add(node);
        return node;
    }
}
