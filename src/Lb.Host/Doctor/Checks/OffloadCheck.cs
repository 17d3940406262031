using Lb.Kernel;
using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>The device hands over frames as they came.</summary>
internal sealed class OffloadCheck : IHostCheck
{
    private const string LargeReceive = "rx-lro";
    private const string HardwareReceive = "rx-gro-hw";
    private const string VlanReceive = "rx-vlan-hw-parse";

    public IEnumerable<Finding> Examine(Examination host) => host.Listed.SelectMany(listed => Examine(host, listed));

    private static IEnumerable<Finding> Examine(Examination host, InterfaceFacts listed)
    {
        foreach (string joining in (string[])[LargeReceive, HardwareReceive])
        {
            if (listed.HasOffload(joining) && host.Node.Attach != AttachMode.Generic)
            {
                yield return Finding.Error(
                    "lro",
                    listed.Name,
                    $"Interface {listed.Name} joins packets in hardware ({joining}).",
                    "Drivers refuse native XDP with it, and joined packets are larger than any MTU: they are dropped.",
                    "").FixedBy(new HostFix.TurnOff(listed.Name, joining));
            }
        }

        if (listed.CarriesVlans && listed.HasOffload(VlanReceive))
        {
            yield return Finding.Warning(
                "rx-vlan",
                listed.Name,
                $"Interface {listed.Name} carries VLANs and takes their tags off in the driver ({VlanReceive}).",
                "XDP sees a tagged frame as an untagged one, and forwards what belongs to a VLAN.",
                "").FixedBy(new HostFix.TurnOff(listed.Name, VlanReceive));
        }
    }
}
