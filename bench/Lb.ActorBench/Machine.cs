namespace Lb.ActorBench;

/// <summary>What else the machine does: figures are worth as much as it is quiet.</summary>
internal static class Machine
{
    /// <summary>The load average of the last minute, the bench's own share included.</summary>
    public static string Load => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
