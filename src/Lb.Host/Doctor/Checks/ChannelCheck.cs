using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>Packets are spread over the CPUs.</summary>
internal sealed class ChannelCheck : IHostCheck
{
    public IEnumerable<Finding> Examine(Examination host)
    {
        int cpus = host.Facts.System.Cpus;
        foreach (InterfaceFacts listed in host.Listed)
        {
            if (listed.Channels is { } channels && channels.Receive < Math.Min(cpus, channels.MostReceive))
            {
                yield return Finding.Info(
                    "channels",
                    listed.Name,
                    $"Interface {listed.Name} receives by {channels.Receive} of {channels.MostReceive} queues, and there "
                    + $"are {cpus} CPUs.",
                    $"A queue is served by one CPU. 'ethtool -L {listed.Name}' with combined or rx sets how many; some "
                    + "drivers keep half of them for XDP.");
            }
        }
    }
}
