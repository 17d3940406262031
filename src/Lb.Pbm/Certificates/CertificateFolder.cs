using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Lb.Pbm.Certificates;

/// <summary>A folder with certificates: what is there is not written over by accident, and keys are their owner's alone.</summary>
internal sealed class CertificateFolder(string path)
{
    /// <summary>File of the authority's certificate.</summary>
    public const string AuthorityFile = "ca.pem";

    /// <summary>File of the authority's key.</summary>
    public const string AuthorityKeyFile = "ca-key.pem";

    /// <summary>File of a node's certificate.</summary>
    public const string NodeFile = "node.pem";

    /// <summary>File of a node's key.</summary>
    public const string NodeKeyFile = "node-key.pem";

    private const UnixFileMode OwnersAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Public = OwnersAlone | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>The path of a file.</summary>
    public string PathOf(string file) => Path.Combine(path, file);

    /// <summary>Writes files, all or none; a file whose text is the same already is left as it is.</summary>
    /// <param name="isForced">Whether what is there may be written over.</param>
    /// <param name="files">Names with what they are to hold, and whether that is a secret; keys first.</param>
    public void Write(bool isForced, params IReadOnlyList<(string Name, string Text, bool IsSecret)> files)
    {
        try
        {
            Directory.CreateDirectory(path);
            (string Name, string Text, bool IsSecret)[] other = [.. files.Where(file => !Holds(file.Name, file.Text))];
            if (!isForced && other.FirstOrDefault(file => File.Exists(PathOf(file.Name))) is { Name: { } taken })
            {
                throw PbmException.Failed(
                    "exists",
                    $"{PathOf(taken)} exists, and nothing was written.",
                    "Choose another --out, or say --force to replace what is there.");
            }

            foreach ((string name, string text, bool isSecret) in other)
            {
                Replace(PathOf(name), text, isSecret ? OwnersAlone : Public);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw PbmException.Failed(
                "cannot-write", $"{path} cannot be written: {e.Message.TrimEnd('.')}.", "Choose a folder that may be written.");
        }
    }

    /// <summary>Reads the authority and its key.</summary>
    public X509Certificate2 ReadAuthority()
    {
        string certificate = PathOf(AuthorityFile);
        string key = PathOf(AuthorityKeyFile);
        const string Mend = "Make one with 'pbm cluster cert ca', and name its folder with --ca.";
        try
        {
            X509Certificate2 authority = X509Certificate2.CreateFromPemFile(certificate, key);
            return authority.Extensions.OfType<X509BasicConstraintsExtension>().Any(limits => limits.CertificateAuthority)
                ? authority
                : throw PbmException.Failed("no-authority", $"{certificate} is no certificate of an authority.", Mend);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw PbmException.Failed("no-authority", $"{path} has no authority: {e.Message.TrimEnd('.')}.", Mend);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw PbmException.Failed(
                "no-authority", $"{certificate} and {key} are no certificate and its key: {e.Message.TrimEnd('.')}.", Mend);
        }
    }

    /// <summary>Reads the certificates in a file.</summary>
    public static X509Certificate2Collection ReadFile(string path)
    {
        try
        {
            X509Certificate2Collection found = [];
            found.ImportFromPemFile(path);
            return found.Count > 0 ? found : throw PbmException.Failed(
                "no-certificate", $"{path} holds no certificate.", "Name a PEM file of certificates.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw PbmException.Failed(
                "no-certificate", $"{path} cannot be read as certificates: {e.Message.TrimEnd('.')}.",
                "Name a PEM file of certificates.");
        }
    }

    private bool Holds(string name, string text)
    {
        string file = PathOf(name);
        return File.Exists(file) && File.ReadAllText(file) == text;
    }

    /// <summary>Writes beside it and moves: whoever reads has the old file or the new one, and a secret is one from the start.</summary>
    private static void Replace(string file, string text, UnixFileMode mode)
    {
        string temporary = $"{file}.{Environment.ProcessId}.new";
        try
        {
            using (var stream = new FileStream(temporary, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = mode,
            }))
            {
                using var writer = new StreamWriter(stream);
                writer.Write(text);
            }

            File.Move(temporary, file, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
