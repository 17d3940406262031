using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Lb.Pbm.Certificates;

/// <summary>A certificate that was just made.</summary>
/// <param name="Certificate">It, in PEM.</param>
/// <param name="Key">Its key, in PEM, without a password.</param>
internal sealed record IssuedCertificate(string Certificate, string Key);

/// <summary>Makes the certificates by which nodes of a cluster know each other: ECDSA on P-256, signed with SHA-256.</summary>
internal static class CertificateIssuer
{
    private const int SerialLength = 16;

    /// <summary>Clocks of nodes may be behind the one of whoever makes a certificate.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromHours(1);

    private static readonly Oid ServerUse = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientUse = new("1.3.6.1.5.5.7.3.2");

    /// <summary>Makes an authority of a cluster.</summary>
    public static IssuedCertificate Authority(string cluster, TimeSpan validity, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Subject(cluster, $"{cluster} cluster authority"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority(0));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using X509Certificate2 certificate = request.CreateSelfSigned(now - Slack, now + validity);
        return new IssuedCertificate(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Makes a node's certificate.</summary>
    /// <param name="authority">The authority with its key.</param>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="hosts">Where the node is reached.</param>
    /// <param name="validity">How long it holds; never longer than the authority.</param>
    /// <param name="now">The time.</param>
    public static IssuedCertificate Node(
        X509Certificate2 authority, string cluster, IReadOnlyList<IPAddress> hosts, TimeSpan validity, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Subject(cluster, $"{hosts[0]}"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForEndEntity(critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([ServerUse, ClientUse], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
            authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var names = new SubjectAlternativeNameBuilder();
        foreach (IPAddress host in hosts)
        {
            names.AddIpAddress(host);
        }

        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset from = Later(now - Slack, authority.NotBefore);
        DateTimeOffset until = Earlier(now + validity, authority.NotAfter);
        using X509Certificate2 certificate = request.Create(
            authority, from, until, RandomNumberGenerator.GetBytes(SerialLength));
        return new IssuedCertificate(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    private static X500DistinguishedName Subject(string organisation, string name)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddOrganizationName(organisation);
        subject.AddCommonName(name);
        return subject.Build();
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTime other) =>
        new DateTimeOffset(other.ToUniversalTime()) is var at && at > one ? at : one;

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTime other) =>
        new DateTimeOffset(other.ToUniversalTime()) is var at && at < one ? at : one;
}
