using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Lb.Pbm.CommandLine;

namespace Lb.Pbm.Protocol;

/// <summary>The token to show a host, and whose certificates are believed.</summary>
/// <param name="Token">The token; null for none.</param>
/// <param name="Authorities">Authorities; null for those of the system.</param>
internal sealed record HostAccess(string? Token, X509Certificate2Collection? Authorities)
{
    private const int LongestToken = 4096;

    /// <summary>No token, and the system's authorities.</summary>
    public static HostAccess None { get; } = new(null, null);

    /// <summary>Reads the files that the options name.</summary>
    public static HostAccess Load(AccessOptions options) => new(LoadToken(options), LoadAuthorities(options.CaFile));

    /// <summary>How certificates are checked.</summary>
    public SslClientAuthenticationOptions ToSslOptions()
    {
        var options = new SslClientAuthenticationOptions();
        if (Authorities is not null)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(Authorities);
        }

        return options;
    }

    private static string? LoadToken(AccessOptions options)
    {
        string? token = options.Token;
        if (token is null && options.TokenFile is { } file)
        {
            token = Read(file, "token", () => File.ReadAllText(file)).Trim();
        }

        return token is null || (token.Length is > 0 and <= LongestToken && token.All(c => c is > ' ' and <= '~'))
            ? token
            : throw PbmException.Usage(
                "bad-token",
                $"What {(options.Token is null ? options.TokenFile : "PBM_TOKEN")} holds is no token.",
                "It is one word that starts with lb_; 'pbm token add' makes one.");
    }

    private static X509Certificate2Collection? LoadAuthorities(string? file)
    {
        if (file is null)
        {
            return null;
        }

        X509Certificate2Collection authorities = [];
        Read(file, "certificate", () =>
        {
            authorities.ImportFromPemFile(file);
            return true;
        });
        return authorities.Count > 0
            ? authorities
            : throw PbmException.Usage("bad-ca", $"{file} holds no certificate.", "It is a PEM file.");
    }

    private static T Read<T>(string file, string what, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw PbmException.Usage(
                "unreadable", $"The {what} in {file} cannot be read: {exception.Message}", "Correct the path or the file.");
        }
    }
}
