namespace Lb.Host.Doctor.Checks;

/// <summary>There is memory for the maps that a start makes.</summary>
internal sealed class MemoryCheck : IHostCheck
{
    private const long Mebi = 1 << 20;

    public IEnumerable<Finding> Examine(Examination host)
    {
        // A site that is pinned has its maps already.
        if (!host.Facts.Site.Pinned
            && host.Facts.Bpf.MapMemory is { } needed
            && host.Facts.System.AvailableMemory is { } available
            && needed > available)
        {
            yield return Finding.Error(
                "memory",
                "lb.kernel.max-flows",
                $"The maps of the site take {needed / Mebi} MiB, and {available / Mebi} MiB can be had.",
                "The kernel refuses to make them, or other processes are ended for them.",
                "lower lb.kernel.max-flows or lb.kernel.max-backends, or give the machine or lbd's control group more");
        }
    }
}
