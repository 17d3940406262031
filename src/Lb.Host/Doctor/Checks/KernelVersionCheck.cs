using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>The kernel is new enough.</summary>
internal sealed class KernelVersionCheck : IHostCheck
{
    public IEnumerable<Finding> Examine(Examination host)
    {
        Version kernel = host.Facts.System.Kernel;
        if (kernel < BpfFacts.OldestKernel)
        {
            yield return Finding.Error(
                "kernel-version",
                $"{kernel}",
                $"This kernel is Linux {kernel}.",
                "It lacks calls that the XDP program makes; lbd does not start.",
                $"install and boot Linux {BpfFacts.OldestKernel} or newer");
        }
    }
}
