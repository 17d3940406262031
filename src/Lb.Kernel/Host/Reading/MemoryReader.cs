namespace Lb.Kernel.Host.Reading;

/// <summary>Reads how much memory can still be had.</summary>
internal static class MemoryReader
{
    private const string Groups = "/sys/fs/cgroup";
    private const string MachineLabel = "MemAvailable:";
    private const int Kibi = 1024;

    /// <summary>Bytes: what the machine has left, or the limit of the control group where that is lower.</summary>
    public static long? ReadAvailable()
    {
        long? machine = ReadMachine();
        long? group = ReadGroupLimit();
        return machine is null ? group : group is null ? machine : Math.Min(machine.Value, group.Value);
    }

    private static long? ReadMachine()
    {
        string? line = KernelFile.Lines("/proc/meminfo")
            .FirstOrDefault(l => l.StartsWith(MachineLabel, StringComparison.Ordinal));
        string[] words = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        return words.Length > 1 && long.TryParse(words[1], out long kibibytes) ? kibibytes * Kibi : null;
    }

    /// <summary>The lowest limit on the way from this process's group to the root, of version 2 or 1.</summary>
    private static long? ReadGroupLimit()
    {
        long? lowest = null;
        foreach (string line in KernelFile.Lines("/proc/self/cgroup"))
        {
            string[] parts = line.Split(':', 3);
            (string? root, string file) = parts is [_, "", _] ? (Groups, "memory.max")
                : parts.Length == 3 && parts[1].Split(',').Contains("memory")
                ? (Groups + "/memory", "memory.limit_in_bytes")
                : (null, "");
            for (string path = root is null ? "" : parts[2]; path.Length > 0; path = Parent(path))
            {
                if (KernelFile.Number($"{root}{path}/{file}") is { } limit)
                {
                    lowest = Math.Min(lowest ?? long.MaxValue, limit);
                }
            }
        }

        return lowest;
    }

    private static string Parent(string path) => path[..Math.Max(path.LastIndexOf('/'), 0)];
}
