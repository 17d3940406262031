using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>Where maps count against the limit of locked memory, it has room for them.</summary>
internal sealed class LockedMemoryCheck : IHostCheck
{
    private const long Kibi = 1024;

    public IEnumerable<Finding> Examine(Examination host)
    {
        // Since 5.11, before the oldest kernel that can be used, maps count against the control group's memory. A kernel of a
        // distribution may call itself older and have the calls; it need not have this.
        if (host.Facts.System.Kernel < BpfFacts.OldestKernel
            && host.Facts.Process.LockedMemory is { } limit
            && host.Facts.Bpf.MapMemory is { } needed
            && limit < (ulong)needed)
        {
            yield return Finding.Error(
                "memlock",
                "RLIMIT_MEMLOCK",
                $"This process may lock {limit / Kibi} KiB of memory, and the maps of the site take {needed / Kibi} KiB.",
                "Kernels before 5.11 count BPF maps against that limit and refuse to make them.",
                "set LimitMEMLOCK=infinity in lbd's unit, or ulimit -l unlimited");
        }
    }
}
