using Lb.Kernel.Interop;

namespace Lb.Kernel.Host.Reading;

/// <summary>Reads whether a directory can be written to, or could be made, and what is free there.</summary>
internal static unsafe class DirectoryReader
{
    public static DirectoryFacts Read(string path)
    {
        string existing = path;
        while (!Directory.Exists(existing))
        {
            if (File.Exists(existing))
            {
                return new DirectoryFacts(path, $"{existing} is a file", null, null);
            }

            existing = Path.GetDirectoryName(existing) ?? "/";
        }

        string? problem = LibC.Access(
            LibC.CurrentDirectory, existing, LibC.MayWriteAndEnter, LibC.EffectiveIds) == 0
            ? null
            : $"{existing} cannot be written to ({Failure.Last("").ErrnoName})";
        LibC.FileSystemInfo info = default;
        return LibC.FileSystemOf(existing, &info) == 0
            ? new DirectoryFacts(
                path,
                problem,
                (long)info.AvailableBlocks * info.BlockSize,
                info.Inodes == 0 ? null : (long)info.FreeInodes)
            : new DirectoryFacts(path, problem, null, null);
    }
}
