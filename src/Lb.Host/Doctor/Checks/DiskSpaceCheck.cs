using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>There is room where files are written.</summary>
internal sealed class DiskSpaceCheck : IHostCheck
{
    private const long Page = 4096;
    private const long Little = 1 << 20;

    public IEnumerable<Finding> Examine(Examination host)
    {
        DirectoryFacts directory = host.Facts.RunDirectory;
        if (directory.FreeBytes < Page || directory.FreeFiles < 1)
        {
            yield return Finding.Error(
                "disk-space",
                directory.Path,
                $"The file system of {directory.Path} is full: {Left(directory)}.",
                "The lock of the site cannot be written; lbd does not start.",
                $"make room there; 'df {directory.Path}' and 'df -i {directory.Path}' show what is left");
        }
        else if (directory.FreeBytes < Little)
        {
            yield return Finding.Warning(
                "disk-space",
                directory.Path,
                $"The file system of {directory.Path} is nearly full: {Left(directory)}.",
                "When nothing is left, lbd does not start again.",
                $"make room there; 'df {directory.Path}' shows what is left");
        }
    }

    private static string Left(DirectoryFacts directory) => directory.FreeFiles < 1
        ? "no further file can be made"
        : $"{directory.FreeBytes} bytes are left";
}
