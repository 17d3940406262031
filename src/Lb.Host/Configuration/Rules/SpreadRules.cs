using Lb.Kernel;

namespace Lb.Host.Configuration;

/// <summary>Packets are spread over CPUs that there can be. One that is offline is told of when it is met: it may come back.</summary>
internal static class SpreadRules
{
    public static IEnumerable<ConfigIssue> Check(SectionValues spread, HostCpus host)
    {
        if (spread.Find(SpreadKeys.Cpus) is { } cpus && cpus.Value.Cpus.Except(host.Possible) is { IsEmpty: false } missing)
        {
            yield return cpus.Error(
                $"this host has no CPU {CpuList.Format(missing)}",
                $"some of its CPUs, {CpuList.Format(host.Possible)}",
                "name CPUs that it has, or all");
        }
    }
}
