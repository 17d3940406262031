using Lb.Kernel.Interop;
using Lb.Kernel.Programs;

namespace Lb.Kernel.Host.Reading;

/// <summary>Reads what concerns the machine and the process.</summary>
internal static unsafe class SystemReader
{
    public static SystemFacts Read() => new()
    {
        Kernel = Environment.OSVersion.Version,
        Cpus = Environment.ProcessorCount,
        Online = HostCpus.Read().Online,
        PageSize = Environment.SystemPageSize,
        AvailableMemory = MemoryReader.ReadAvailable(),
        ClockSource = KernelFile.Text("/sys/devices/system/clocksource/clocksource0/current_clocksource"),
        ClockSynchronised = ReadClock(),
    };

    public static ProcessFacts ReadProcess() => new()
    {
        Id = Environment.ProcessId,
        Capabilities = KernelRequirements.EffectiveCapabilities(),
        OpenFiles = ReadLimit(LibC.LimitOpenFiles),
        LockedMemory = ReadLimit(LibC.LimitLockedMemory),
    };

    private static bool? ReadClock()
    {
        LibC.ClockInfo state = default;
        return LibC.ClockState(&state) < 0 ? null : (state.Status & LibC.ClockNotSynchronised) == 0;
    }

    private static ulong? ReadLimit(int resource)
    {
        LibC.ResourceLimit limit = default;
        return LibC.Limit(resource, &limit) == 0 ? limit.Soft : null;
    }
}
