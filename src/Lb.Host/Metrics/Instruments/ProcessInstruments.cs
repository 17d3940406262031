using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Lb.Host.Metrics;

/// <summary>The process, under the names that Prometheus' own libraries use.</summary>
internal static class ProcessInstruments
{
    private static readonly double StartTime = ReadStartTime();

    public static void Add(Meter meter)
    {
        meter.CreateObservableCounter(
            "process.cpu", () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "CPU time of the process.");
        meter.CreateObservableGauge(
            "process.resident_memory", () => Environment.WorkingSet, "By", "Memory of the process in RAM.");
        meter.CreateObservableGauge(
            "process.open_fds",
            () => Directory.EnumerateFileSystemEntries("/proc/self/fd").Count(),
            null,
            "File descriptors that are open.");
        meter.CreateObservableGauge(
            "process.start_time", () => StartTime, "s", "When the process started, in seconds since 1970.");
    }

    private static double ReadStartTime()
    {
        using Process process = Process.GetCurrentProcess();
        return (process.StartTime.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds;
    }
}
