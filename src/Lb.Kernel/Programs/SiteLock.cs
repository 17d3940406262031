using System.Text;
using Lb.Kernel.Interop;
using Microsoft.Win32.SafeHandles;

namespace Lb.Kernel.Programs;

/// <summary>Keeps a site to one process on this host. The kernel releases it when the process ends, however it ends.</summary>
internal sealed class SiteLock : IDisposable
{
    private readonly FileStream _file;

    private SiteLock(FileStream file) => _file = file;

    /// <summary>The file that is locked.</summary>
    public static string PathOf(string directory, string site) => Path.Combine(directory, site + ".lock");

    /// <summary>Takes the lock, or says which process has it.</summary>
    public static SiteLock Take(string directory, string site)
    {
        string path = PathOf(directory, site);
        var file = OpenUnlocked(directory, path);
        try
        {
            if (LibC.Flock(file.SafeFileHandle, LibC.LockExclusiveNow) != 0)
            {
                throw new KernelException(
                    $"Site {site} is held by process {ReadOwner(file)} (lock {path}).",
                    "One process runs a site on a host: stop that one first.");
            }

            file.SetLength(0);
            file.Write(Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n"));
            file.Flush();
            return new SiteLock(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    // The runtime takes a lock of its own on what it opens by path, so that the owner could not be read.
    private static FileStream OpenUnlocked(string directory, string path)
    {
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KernelException(
                $"The directory of locks {directory} cannot be made: {e.Message}", "Run as root.");
        }

        int descriptor = LibC.Open(path, LibC.OpenForLock, LibC.OwnerWritesAllRead);
        Failure.CheckErrno(descriptor, $"open({path})");
        return new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.ReadWrite, 0);
    }

    private static string ReadOwner(FileStream file)
    {
        Span<byte> text = stackalloc byte[32];
        return Encoding.ASCII.GetString(text[..file.Read(text)]).Trim();
    }
}
