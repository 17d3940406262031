using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Lb.Host.Tests.Access;

/// <summary>An authority of its own and certificates for loopback, as PEM files in a folder.</summary>
internal sealed class TestCertificate : IDisposable
{
    private readonly string _folder;
    private readonly RSA _key = RSA.Create(2048);
    private readonly X509Certificate2 _authority;

    public TestCertificate(string folder)
    {
        _folder = folder;
        CertificateRequest request = new("CN=Lb test authority", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-60), DateTimeOffset.UtcNow.AddDays(60));
        File.WriteAllText(AuthorityFile, _authority.ExportCertificatePem());
        Issue("first");
    }

    public string AuthorityFile => Path.Combine(_folder, "ca.pem");

    public string CertificateFile => Path.Combine(_folder, "certificate.pem");

    public string KeyFile => Path.Combine(_folder, "key.pem");

    /// <summary>Writes a new certificate for localhost, lb1.example, 127.0.0.1 and an address.</summary>
    /// <param name="name">Its common name.</param>
    /// <param name="address">Another address that it is for.</param>
    /// <param name="end">When it ends; in a week unless told.</param>
    public void Issue(string name, IPAddress? address = null, DateTimeOffset? end = null)
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        names.AddDnsName("lb1.example");
        names.AddIpAddress(IPAddress.Loopback);
        if (address is not null)
        {
            names.AddIpAddress(address);
        }

        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset last = end ?? DateTimeOffset.UtcNow.AddDays(7);
        using X509Certificate2 certificate =
            request.Create(_authority, DateTimeOffset.UtcNow.AddDays(-30), last, RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
    }

    public void Dispose()
    {
        _authority.Dispose();
        _key.Dispose();
    }
}
