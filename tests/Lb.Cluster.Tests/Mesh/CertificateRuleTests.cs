using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Lb.Cluster.Certificates;
using Lb.Pbm.Certificates;

namespace Lb.Cluster.Tests.Mesh;

/// <summary>Whose certificate is taken, without a network.</summary>
public sealed class CertificateRuleTests : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    private readonly TestSite _site = new();

    public void Dispose() => _site.Dispose();

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("fd00::1")]
    public void A_certificate_of_pbm_is_taken_at_both_ends_for_its_host(string host)
    {
        var certificate = Of(_site.Issue(host));
        Assert.Null(Check(certificate, host));
        Assert.Null(Check(certificate, host, CertificateRules.ClientUse));
        Assert.Null(Check(certificate, null, CertificateRules.ClientUse));
        Assert.Equal("edge", CertificateRules.ClusterOf(certificate));
        Assert.Equal(IPAddress.Parse(host), Assert.Single(CertificateRules.HostsOf(certificate)));
    }

    [Fact]
    public void One_for_several_addresses_is_taken_for_each()
    {
        var certificate = Of(CertificateIssuer.Node(
            _site.Authority, "edge", [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("fd00::1")], TimeSpan.FromDays(1), Now));
        Assert.Null(Check(certificate, "10.0.0.1"));
        Assert.Null(Check(certificate, "fd00::1"));
        Assert.Equal(RefusalReason.WrongHost, Check(certificate, "10.0.0.2")?.Reason);
    }

    [Fact]
    public void One_without_an_address_is_no_node_s()
    {
        var certificate = Other(request => request.CertificateExtensions.Add(Names(names => names.AddDnsName("lb1"))));
        Assert.Equal(RefusalReason.NoHost, Check(certificate, "10.0.0.1")?.Reason);
        Assert.Equal(RefusalReason.NoHost, Check(certificate, null)?.Reason);
    }

    [Fact]
    public void One_for_servers_alone_is_not_a_client_s()
    {
        var certificate = Other(request =>
        {
            request.CertificateExtensions.Add(Names(names => names.AddIpAddress(IPAddress.Parse("10.0.0.1"))));
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([CertificateRules.ServerUse], false));
        });
        Assert.Null(Check(certificate, "10.0.0.1"));
        Assert.Equal(RefusalReason.WrongUse, Check(certificate, "10.0.0.1", CertificateRules.ClientUse)?.Reason);
    }

    [Fact]
    public void One_that_names_itself_its_authority_is_not_taken()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("O=edge, CN=10.0.0.1", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(Names(names => names.AddIpAddress(IPAddress.Parse("10.0.0.1"))));
        using var certificate = request.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(1));
        Assert.Equal(RefusalReason.WrongAuthority, Check(certificate, "10.0.0.1")?.Reason);
    }

    [Fact]
    public void A_node_is_no_authority()
    {
        // It signs with its own key in the hope that its certificate will do as one between.
        var issued = _site.Issue("10.0.0.1");
        using var node = X509Certificate2.CreateFromPem(issued.Certificate, issued.Key);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("O=edge, CN=10.0.0.2", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(Names(names => names.AddIpAddress(IPAddress.Parse("10.0.0.2"))));
        var signer = X509SignatureGenerator.CreateForECDsa(node.GetECDsaPrivateKey()!);
        using var forged = request.Create(node.SubjectName, signer, Now.AddDays(-1), Now.AddDays(1), [1, 2, 3]);
        Assert.Equal(
            RefusalReason.WrongAuthority,
            CertificateRules.Check(
                forged, [node], [_site.Authority], "edge", CertificateRules.ServerUse, IPAddress.Parse("10.0.0.2"), Now)?.Reason);
    }

    [Fact]
    public void An_authority_whose_time_is_over_is_said_to_be_so()
    {
        var old = CertificateIssuer.Authority("edge", TimeSpan.FromDays(5), Now.AddDays(-10));
        using var authority = X509Certificate2.CreateFromPem(old.Certificate, old.Key);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("O=edge, CN=10.0.0.1", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(Names(names => names.AddIpAddress(IPAddress.Parse("10.0.0.1"))));
        var signer = X509SignatureGenerator.CreateForECDsa(authority.GetECDsaPrivateKey()!);
        using var certificate = request.Create(authority.SubjectName, signer, Now.AddDays(-1), Now.AddDays(1), [1, 2, 3]);
        var refusal = CertificateRules.Check(
            certificate, [], [authority], "edge", CertificateRules.ServerUse, IPAddress.Parse("10.0.0.1"), Now);
        Assert.Equal(RefusalReason.Expired, refusal?.Reason);
        Assert.Contains("authority", refusal?.What);
    }

    [Fact]
    public void Files_that_cannot_be_used_are_named_with_what_to_do()
    {
        var files = _site.Write(_site.Issue("10.0.0.1"));
        AssertWrong(files with { Key = "/nowhere/key.pem" }, "/nowhere/key.pem (lb.cluster.tls) cannot be read");
        AssertWrong(files with { Key = files.Authorities }, "are no certificate and its key");
        File.WriteAllText(files.Authorities, "nothing\n");
        AssertWrong(files, "holds no certificate");
    }

    [Fact]
    public void What_others_would_not_take_is_known_beforehand()
    {
        Assert.Null(_site.Credentials("10.0.0.1").Current.Unfit);
        Assert.Equal(
            RefusalReason.WrongHost, _site.Credentials("10.0.0.1", _site.Issue("10.0.0.2")).Current.Unfit?.Reason);
        Assert.Equal(
            RefusalReason.OtherCluster, _site.Credentials("10.0.0.1", _site.Issue("10.0.0.1", cluster: "core")).Current.Unfit?.Reason);
    }

    private static void AssertWrong(CertificateFiles files, string text) => Assert.Contains(
        text,
        Assert.Throws<CredentialsException>(
            () => NodeCredentials.Read(files, "edge", IPAddress.Parse("10.0.0.1"), Now)).Message,
        StringComparison.Ordinal);

    private static X509Certificate2 Of(IssuedCertificate issued) => X509Certificate2.CreateFromPem(issued.Certificate);

    private static X509Extension Names(Action<SubjectAlternativeNameBuilder> add)
    {
        var names = new SubjectAlternativeNameBuilder();
        add(names);
        return names.Build();
    }

    private CertificateRefusal? Check(X509Certificate2 certificate, string? host, Oid? use = null) => CertificateRules.Check(
        certificate, [], [_site.Authority], "edge", use ?? CertificateRules.ServerUse,
        host is null ? null : IPAddress.Parse(host), Now);

    private X509Certificate2 Other(Action<CertificateRequest> change)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("O=edge, CN=node", key, HashAlgorithmName.SHA256);
        change(request);
        return request.Create(_site.Authority, Now.AddDays(-1), Now.AddDays(1), [1, 2, 3]);
    }
}
