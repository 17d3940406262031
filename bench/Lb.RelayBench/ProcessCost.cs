using System.Globalization;

namespace Lb.RelayBench;

/// <summary>What a process has used, as /proc tells it.</summary>
internal static class ProcessCost
{
    private const double TicksASecond = 100; // USER_HZ, the same on every kernel
    private const int UserTime = 11; // fields after the name
    private const int SystemTime = 12;

    /// <summary>CPU time of all its threads, in its own code and in the kernel, in seconds.</summary>
    public static double CpuSeconds(int process) => Seconds(File.ReadAllText($"/proc/{process}/stat"));

    /// <summary>
    /// CPU time of the kernel's own workers, in seconds: what the kernel writes to sockets by itself is no process's.
    /// </summary>
    public static double WorkerSeconds() => Directory.EnumerateDirectories("/proc")
        .Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0]))
        .Select(folder => Path.Combine(folder, "stat"))
        .Select(Worker)
        .Sum();

    private static double Worker(string stat)
    {
        try
        {
            string text = File.ReadAllText(stat);
            return text.Contains("(kworker/", StringComparison.Ordinal) ? Seconds(text) : 0;
        }
        catch (IOException)
        {
            return 0; // no process, or one that has ended
        }
    }

    private static double Seconds(string stat)
    {
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
