using System.Net;

namespace Lb.Cluster.Certificates;

/// <summary>
/// A node's credentials, read again when their files have changed. What was read last and can be used is what there is:
/// files that are being replaced one after the other do no harm.
/// </summary>
public sealed class CredentialSource
{
    private readonly CertificateFiles _files;
    private readonly string _cluster;
    private readonly IPAddress _host;
    private readonly TimeProvider _time;
    private CredentialTexts _texts;
    private volatile NodeCredentials _current;

    /// <summary>Reads the files.</summary>
    /// <exception cref="CredentialsException">They cannot be used.</exception>
    public CredentialSource(CertificateFiles files, string cluster, IPAddress host, TimeProvider time)
    {
        _files = files;
        _cluster = cluster;
        _host = host;
        _time = time;
        _texts = CredentialTexts.Read(files);
        _current = NodeCredentials.Parse(_texts, files, cluster, host, time.GetUtcNow());
    }

    /// <summary>What is in use.</summary>
    public NodeCredentials Current => _current;

    /// <summary>What is wrong with the files as they are; null when they are in use.</summary>
    public string? Problem { get; private set; }

    /// <summary>The cluster that the certificate is to be for.</summary>
    public string Cluster => _cluster;

    /// <summary>Looks whether the files have changed; true when there are other credentials now.</summary>
    public bool Refresh()
    {
        try
        {
            var texts = CredentialTexts.Read(_files);
            if (texts == _texts)
            {
                Problem = null;
                return false;
            }

            var read = NodeCredentials.Parse(texts, _files, _cluster, _host, _time.GetUtcNow());
            if (read.Unfit is { } refusal)
            {
                Problem = $"{_files.Certificate} (lb.cluster.tls) is not used: {refusal}";
                return false;
            }

            _texts = texts;
            _current = read;
            Problem = null;
            return true;
        }
        catch (CredentialsException e)
        {
            Problem = e.Message.TrimEnd('.');
            return false;
        }
    }
}
