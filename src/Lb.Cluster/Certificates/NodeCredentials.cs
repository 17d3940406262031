using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Lb.Cluster.Certificates;

/// <summary>What a node shows others of its cluster, and by what it knows them. It does not change.</summary>
public sealed class NodeCredentials
{
    private NodeCredentials(
        X509Certificate2 certificate, X509Certificate2Collection between, X509Certificate2Collection authorities)
    {
        Certificate = certificate;
        Certificates = between;
        Authorities = authorities;
        Context = SslStreamCertificateContext.Create(certificate, between, offline: true);
    }

    /// <summary>The node's certificate, with its key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Who may issue certificates of the cluster.</summary>
    public X509Certificate2Collection Authorities { get; }

    /// <summary>When the certificate, or the last of the authorities, ends.</summary>
    public DateTimeOffset Until => new(new[]
    {
        Certificate.NotAfter.ToUniversalTime(),
        Authorities.Max(authority => authority.NotAfter.ToUniversalTime()),
    }.Min());

    /// <summary>Why other nodes would not take the certificate; null when they would.</summary>
    public CertificateRefusal? Unfit { get; private init; }

    /// <summary>The certificate and those between it and its authority; others' may have the same between.</summary>
    internal X509Certificate2Collection Certificates { get; }

    internal SslStreamCertificateContext Context { get; }

    /// <summary>Reads the files.</summary>
    /// <exception cref="CredentialsException">They cannot be used; it says why, and what to do.</exception>
    public static NodeCredentials Read(CertificateFiles files, string cluster, IPAddress host, DateTimeOffset now) =>
        Parse(CredentialTexts.Read(files), files, cluster, host, now);

    internal static NodeCredentials Parse(
        CredentialTexts texts, CertificateFiles files, string cluster, IPAddress host, DateTimeOffset now)
    {
        X509Certificate2Collection authorities = [];
        X509Certificate2Collection all = [];
        X509Certificate2 certificate;
        try
        {
            authorities.ImportFromPem(texts.Authorities);
            all.ImportFromPem(texts.Certificate);
            certificate = X509Certificate2.CreateFromPem(texts.Certificate, texts.Key);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new CredentialsException(
                $"{files.Certificate} and {files.Key} (lb.cluster.tls) are no certificate and its key, or {files.Authorities} "
                + $"holds none: {e.Message.TrimEnd('.')}. All are PEM files, the key without a password.",
                e);
        }

        if (authorities.Count == 0)
        {
            throw new CredentialsException(
                $"{files.Authorities} (lb.cluster.tls.ca) holds no certificate. It is to hold that of the authority, in PEM.");
        }

        var refusal = CertificateRules.Check(
                certificate, all, authorities, cluster, CertificateRules.ServerUse, host, now)
            ?? CertificateRules.Check(certificate, all, authorities, cluster, CertificateRules.ClientUse, host, now);
        return new NodeCredentials(certificate, all, authorities) { Unfit = refusal };
    }
}

/// <summary>Certificates cannot be used; the message says why, and what to do.</summary>
public sealed class CredentialsException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>What the files of <see cref="CertificateFiles"/> hold.</summary>
internal sealed record CredentialTexts(string Authorities, string Certificate, string Key)
{
    /// <summary>Reads the files.</summary>
    /// <exception cref="CredentialsException">One cannot be read.</exception>
    public static CredentialTexts Read(CertificateFiles files) =>
        new(ReadFile(files.Authorities), ReadFile(files.Certificate), ReadFile(files.Key));

    private static string ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CredentialsException(
                $"{path} (lb.cluster.tls) cannot be read: {e.Message.TrimEnd('.')}. Correct the path, or who may read it.", e);
        }
    }
}
