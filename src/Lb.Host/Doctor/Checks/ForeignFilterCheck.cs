using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>No program of traffic control works on the same packets.</summary>
internal sealed class ForeignFilterCheck : IHostCheck
{
    private const string OwnPrefix = "lb_";

    public IEnumerable<Finding> Examine(Examination host)
    {
        foreach (InterfaceFacts listed in host.Listed)
        {
            AttachedProgram[] foreign =
            [
                .. listed.TrafficControl.Where(
                    program => program.Name?.StartsWith(OwnPrefix, StringComparison.Ordinal) != true),
            ];
            if (foreign.Length > 0)
            {
                string programs = Examination.Enumerate([.. foreign.Select(program => $"{program.Where}: {program}")]);
                yield return Finding.Warning(
                    "foreign-tc",
                    listed.Name,
                    $"Interface {listed.Name} has BPF programs of traffic control ({programs}).",
                    "They see what XDP leaves to the host, probes and replies without a next hop among it, and may drop "
                    + "or redirect it; what XDP forwards they never see.",
                    $"see whose they are: 'tc filter show dev {listed.Name} ingress' and egress, 'bpftool net'");
            }
        }
    }
}
