using Lb.Kernel.Interop;
using Microsoft.Extensions.Logging;

namespace Lb.Kernel.Programs;

/// <summary>The file system in which the kernel keeps what is pinned.</summary>
internal static unsafe class BpfFileSystem
{
    private const long Magic = 0xCAFE4A11;

    /// <summary>Whether a directory is in such a file system.</summary>
    public static bool IsAt(string path)
    {
        LibC.FileSystemInfo info = default;
        return LibC.FileSystemOf(path, &info) == 0 && (info.Type & 0xFFFF_FFFF) == Magic;
    }

    /// <summary>Mounts it there unless it is.</summary>
    public static void Ensure(string path, ILogger logger)
    {
        if (IsAt(path))
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, e.Message);
        }

        if (LibC.Mount("bpf", path, "bpf", 0, "mode=0700") != 0)
        {
            throw Unusable(path, Failure.Last($"mount({path})").Message);
        }

        Log.BpfFsMounted(logger, path);
    }

    private static KernelException Unusable(string path, string why) => new(
        $"There is no BPF file system at {path}, and it could not be mounted: {why}",
        $"Mount it with: mount -t bpf bpf {path}; or set lb.kernel.bpffs to where it is.");
}
