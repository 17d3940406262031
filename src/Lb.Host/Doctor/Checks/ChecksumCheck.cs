using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>Packets sent into a veth have finished checksums.</summary>
internal sealed class ChecksumCheck : IHostCheck
{
    private const string Generic = "tx-checksum-ip-generic";

    public IEnumerable<Finding> Examine(Examination host) => host.Listed
        .Where(listed => listed.Kind == "veth" && listed.HasOffload(Generic))
        .Select(listed => Finding.Warning(
            "veth-checksum",
            listed.Name,
            $"Interface {listed.Name} is a veth that leaves checksums unfinished ({Generic}).",
            "XDP at the other end of a veth sees what was sent as it is; rewritten there, it arrives with a wrong "
            + "checksum.",
            "do the same at its other end, where this cannot be seen from here")
            .FixedBy(new HostFix.TurnOff(listed.Name, Generic)));
}
