using System.Globalization;

namespace Lb.RelayBench;

/// <summary>What a process has used, as /proc tells it.</summary>
internal static class ProcessCost
{
    private const double TicksASecond = 100; // USER_HZ, the same on every kernel
    private const int UserTime = 11; // fields after the name
    private const int SystemTime = 12;

    /// <summary>CPU time of all its threads, in its own code and in the kernel, in seconds.</summary>
    public static double CpuSeconds(int process)
    {
        string stat = File.ReadAllText($"/proc/{process}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (Number(fields[UserTime]) + Number(fields[SystemTime])) / TicksASecond;
    }

    /// <summary>Resident memory in bytes.</summary>
    public static long ResidentBytes(int process) => 1024 * Number(
        File.ReadLines($"/proc/{process}/status")
            .First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
