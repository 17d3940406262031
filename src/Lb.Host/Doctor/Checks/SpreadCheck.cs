using Lb.Kernel;

namespace Lb.Host.Doctor.Checks;

/// <summary>The CPUs that packets are spread over are online.</summary>
internal sealed class SpreadCheck : IHostCheck
{
    public IEnumerable<Finding> Examine(Examination host)
    {
        if (host.Node.Spread.Cpus.Except(host.Facts.System.Online) is { IsEmpty: false } offline)
        {
            yield return Finding.Warning(
                "spread-offline",
                "lb.spread.cpus",
                $"CPUs that packets are to be spread over are offline: {CpuList.Format(offline)}.",
                "The others get theirs; without any other, packets stay with the CPU that they come to.",
                "bring them online ('echo 1 >/sys/devices/system/cpu/cpuN/online'), or name others");
        }
    }
}
