using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Lb.Host.Configuration;
using Lb.Host.Logging;
using Lb.Host.Running;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Access;

/// <summary>The certificate of the API, read again when its files have changed.</summary>
internal sealed class ServerCertificate(RemoteOptions files)
{
    private volatile SslStreamCertificateContext _current = Read(files);

    /// <summary>What new connections are shown.</summary>
    public SslStreamCertificateContext Current => _current;

    /// <summary>Reads the files again; while they cannot be used, what was read before goes on.</summary>
    public void Reload(ILogger log)
    {
        try
        {
            SslStreamCertificateContext read = Read(files);
            if (!read.TargetCertificate.RawDataMemory.Span.SequenceEqual(_current.TargetCertificate.RawDataMemory.Span))
            {
                _current = read;
                log.CertificateRead(files.Certificate, read.TargetCertificate.NotAfter.ToUniversalTime());
            }
        }
        catch (NodeFailure unusable)
        {
            log.CertificateUnusable(unusable.Message);
        }
    }

    /// <summary>Reads a certificate, with those between it and the root.</summary>
    /// <exception cref="NodeFailure">The files cannot be used.</exception>
    public static SslStreamCertificateContext Read(RemoteOptions files)
    {
        try
        {
            X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(files.Certificate, files.PrivateKey);
            X509Certificate2Collection chain = [];
            chain.ImportFromPemFile(files.Certificate);
            return SslStreamCertificateContext.Create(certificate, chain, offline: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure($"cannot be read: {e.Message} Correct the paths, or who may read them.", e);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw Failure(
                $"are no certificate and its key: {e.Message} Both are PEM files, the key without a password.", e);
        }

        NodeFailure Failure(string problem, Exception e) => new(
            $"{files.Certificate} and {files.PrivateKey} (lb.admin.remote) {problem}", e);
    }
}
