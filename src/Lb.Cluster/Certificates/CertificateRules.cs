using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Lb.Cluster.Certificates;

/// <summary>
/// Whose certificate is taken for a node's: one of the cluster's authorities issued it, it holds now, it is for both
/// ends of a connection, its organisation (<c>O</c>) is the cluster's name and it names the node's IP address.
/// </summary>
public static class CertificateRules
{
    private const string Organisation = "2.5.4.10";
    private const string Issue = "issue one with 'pbm cluster cert node'";

    /// <summary>The use of a certificate by the one who connects.</summary>
    public static readonly Oid ClientUse = new("1.3.6.1.5.5.7.3.2");

    /// <summary>The use of a certificate by the one who is connected to.</summary>
    public static readonly Oid ServerUse = new("1.3.6.1.5.5.7.3.1");

    /// <summary>Says why a certificate is not taken; null when it is.</summary>
    /// <param name="certificate">The certificate; null when none was shown.</param>
    /// <param name="between">Certificates that may lie between it and its authority.</param>
    /// <param name="authorities">Who may issue certificates of the cluster.</param>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="use">What it is used for.</param>
    /// <param name="host">Where the node is; null where it need only be somewhere.</param>
    /// <param name="now">The time.</param>
    public static CertificateRefusal? Check(
        X509Certificate2? certificate, X509Certificate2Collection between, X509Certificate2Collection authorities,
        string cluster, Oid use, IPAddress? host, DateTimeOffset now)
    {
        if (certificate is null)
        {
            return new CertificateRefusal(
                RefusalReason.NoCertificate, "it shows no certificate", $"it needs lb.cluster.tls; {Issue}");
        }

        if (CheckChain(certificate, between, authorities, use, now) is { } refusal)
        {
            return refusal;
        }

        if (ClusterOf(certificate) is var name && name != cluster)
        {
            return new CertificateRefusal(
                RefusalReason.OtherCluster,
                $"its certificate is for a node of cluster [{name}], and this is [{cluster}]",
                "see lb.cluster.name and lb.cluster.tls of both");
        }

        var hosts = HostsOf(certificate);
        if (hosts.IsEmpty)
        {
            return new CertificateRefusal(
                RefusalReason.NoHost, "its certificate names no IP address", $"{Issue} --host ADDRESS");
        }

        return host is not null && !hosts.Contains(host)
            ? new CertificateRefusal(
                RefusalReason.WrongHost, $"its certificate is for {string.Join(", ", hosts)} and not for {host}",
                $"{Issue} --host {host}")
            : null;
    }

    /// <summary>The IP addresses that a certificate names.</summary>
    public static ImmutableArray<IPAddress> HostsOf(X509Certificate2 certificate)
    {
        try
        {
            return
            [
                .. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
                    .SelectMany(names => names.EnumerateIPAddresses()),
            ];
        }
        catch (CryptographicException)
        {
            return [];
        }
    }

    /// <summary>The cluster that a certificate is for; null when it names none, or several.</summary>
    public static string? ClusterOf(X509Certificate2 certificate)
    {
        try
        {
            var names = certificate.SubjectName.EnumerateRelativeDistinguishedNames()
                .Where(part => !part.HasMultipleElements && part.GetSingleElementType().Value == Organisation)
                .Select(part => part.GetSingleElementValue())
                .ToList();
            return names is [var only] ? only : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>How a chain is built: by the cluster's authorities and nobody else's, without asking anybody.</summary>
    internal static X509ChainPolicy PolicyOf(X509Certificate2Collection authorities, Oid use, DateTimeOffset? now = null)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(authorities);
        policy.ApplicationPolicy.Add(use);
        if (now is { } time)
        {
            policy.VerificationTime = time.UtcDateTime;
            policy.VerificationTimeIgnored = false;
        }

        return policy;
    }

    private static CertificateRefusal? CheckChain(
        X509Certificate2 certificate, X509Certificate2Collection between, X509Certificate2Collection authorities,
        Oid use, DateTimeOffset now)
    {
        using var chain = new X509Chain { ChainPolicy = PolicyOf(authorities, use, now) };
        chain.ChainPolicy.ExtraStore.AddRange(between);
        if (chain.Build(certificate))
        {
            return null;
        }

        var found = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        foreach (var element in chain.ChainElements.Where(element => element.Certificate != certificate))
        {
            element.Certificate.Dispose();
        }

        const X509ChainStatusFlags Untrusted = X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain
            | X509ChainStatusFlags.NotSignatureValid | X509ChainStatusFlags.InvalidBasicConstraints;
        return (found & Untrusted) != X509ChainStatusFlags.NoError ? new CertificateRefusal(
                RefusalReason.WrongAuthority,
                $"its certificate was issued by [{certificate.Issuer}], which is none of this node's lb.cluster.tls.ca",
                $"give all nodes the same authority, or both while one takes the other's place; {Issue}")
            : (found & X509ChainStatusFlags.NotTimeValid) != X509ChainStatusFlags.NoError ? CheckTime(certificate, now)
            : new CertificateRefusal(
                RefusalReason.WrongUse, $"its certificate is not fit for this: {found}", Issue);
    }

    private static CertificateRefusal CheckTime(X509Certificate2 certificate, DateTimeOffset now) =>
        certificate.NotAfter.ToUniversalTime() < now.UtcDateTime ? new CertificateRefusal(
            RefusalReason.Expired, $"its certificate has expired at {Text(certificate.NotAfter)}", $"renew it: {Issue}")
        : certificate.NotBefore.ToUniversalTime() > now.UtcDateTime ? new CertificateRefusal(
            RefusalReason.NotYetValid, $"its certificate does not hold before {Text(certificate.NotBefore)}",
            "see that the clocks of both nodes are right")
        : new CertificateRefusal(
            RefusalReason.Expired, $"the certificate of its authority [{certificate.Issuer}] does not hold now",
            "make a new one with 'pbm cluster cert ca', and certificates of nodes by it");

    private static string Text(DateTime time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
