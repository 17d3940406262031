using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>No other XDP program is where the site's is to be.</summary>
internal sealed class ForeignXdpCheck : IHostCheck
{
    public IEnumerable<Finding> Examine(Examination host)
    {
        foreach (InterfaceFacts listed in host.Listed)
        {
            if (listed.Xdp is { Ours: false } foreign)
            {
                yield return Finding.Error(
                    "foreign-xdp",
                    listed.Name,
                    $"Interface {listed.Name} has an XDP program that is not of this site: {foreign}.",
                    "The kernel takes one at a time; lbd does not start.",
                    $"end what attached it, or 'ip link set dev {listed.Name} xdp off'; one that a link holds stays until "
                    + "its owner ends ('bpftool link')");
            }
        }
    }
}
