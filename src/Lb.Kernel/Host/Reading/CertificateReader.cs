using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Lb.Kernel.Host.Reading;

/// <summary>Reads a certificate and its key as lbd does, and who else may read the key.</summary>
internal static class CertificateReader
{
    public static CertificateFacts Read(string certificate, string key)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        bool? open = IsOpen(key);
        try
        {
            using var read = X509Certificate2.CreateFromPemFile(certificate, key);
            return new CertificateFacts(
                Problem: null, new DateTimeOffset(read.NotBefore), new DateTimeOffset(read.NotAfter), now, open);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return new CertificateFacts(e.Message.TrimEnd('.'), From: null, Until: null, now, open);
        }
    }

    /// <summary>Whether every user may read a file that every user can reach; null when it cannot be looked at.</summary>
    private static bool? IsOpen(string path)
    {
        try
        {
            FileInfo file = new(path);
            return !file.Exists ? null : file.UnixFileMode.HasFlag(UnixFileMode.OtherRead)
                && Parents(file).All(folder => folder.UnixFileMode.HasFlag(UnixFileMode.OtherExecute));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static IEnumerable<DirectoryInfo> Parents(FileInfo file)
    {
        for (DirectoryInfo? folder = file.Directory; folder is not null; folder = folder.Parent)
        {
            yield return folder;
        }
    }
}
