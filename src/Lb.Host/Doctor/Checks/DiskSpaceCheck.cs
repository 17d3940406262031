using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>There is room where files are written.</summary>
internal sealed class DiskSpaceCheck : IHostCheck
{
    private const long Page = 4096;

    /// <summary>The lock has a line.</summary>
    private const long LittleForLock = 1 << 20;

    /// <summary>SQLite writes changes to a log first, which grows by some ten MiB before it goes into the file.</summary>
    private const long LittleForJournal = 64 << 20;

    private const string WithoutLock = "The lock of the site cannot be written; lbd does not start.";
    private const string WithoutJournal = "Changes of the site are refused, as they cannot be recorded; lbd does not start.";

    public IEnumerable<Finding> Examine(Examination host) =>
    [
        .. Examine(host.Facts.RunDirectory, LittleForLock, WithoutLock),
        .. host.Facts.JournalDirectory is { } journal ? Examine(journal, LittleForJournal, WithoutJournal) : [],
    ];

    private static IEnumerable<Finding> Examine(DirectoryFacts directory, long little, string why)
    {
        string path = directory.Path;
        string mend = $"make room there; 'df {path}' and 'df -i {path}' show what is left";
        if (directory.FreeBytes < Page || directory.FreeFiles < 1)
        {
            yield return Finding.Error(
                "disk-space", path, $"The file system of {path} is full: {Left(directory)}.", why, mend);
        }
        else if (directory.FreeBytes < little)
        {
            yield return Finding.Warning(
                "disk-space",
                path,
                $"The file system of {path} is nearly full: {Left(directory)}.",
                $"When nothing is left: {why}",
                mend);
        }
    }

    private static string Left(DirectoryFacts directory) => directory.FreeFiles < 1
        ? "no further file can be made"
        : $"{directory.FreeBytes} bytes are left";
}
