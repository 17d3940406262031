using System.Globalization;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Host.Reading;

/// <summary>Reads who holds the lock of a file, without trying to take it: a start might meet the attempt.</summary>
internal static unsafe class LockReader
{
    /// <summary>The holder; null when there is none.</summary>
    public static ProcessReference? FindHolder(string path)
    {
        LibC.StatInfo info = default;
        if (LibC.Stat(LibC.CurrentDirectory, path, 0, LibC.StatInode, &info) != 0)
        {
            return null;
        }

        // "1: FLOCK  ADVISORY  WRITE 4711 00:1a:815 0 EOF": process, then device and inode of the file.
        string file = string.Create(
            CultureInfo.InvariantCulture, $"{info.DeviceMajor:x2}:{info.DeviceMinor:x2}:{info.Inode}");
        foreach (string line in KernelFile.Lines("/proc/locks"))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 5 && words[1] == "FLOCK" && words[5] == file && int.TryParse(words[4], out int process))
            {
                return ProcessReader.Describe(process);
            }
        }

        return null;
    }
}
