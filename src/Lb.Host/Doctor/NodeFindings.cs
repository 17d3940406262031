using System.Collections.Immutable;
using Lb.Actors;

namespace Lb.Host.Doctor;

/// <summary>What only a running node can tell, beside the examination of the host.</summary>
internal static class NodeFindings
{
    /// <summary>The codes that there are.</summary>
    public static ImmutableArray<string> Codes { get; } = [.. PoolFindings.Codes, .. FlowTableFindings.Codes, .. SpreadFindings.Codes];

    /// <summary>The report with what the node tells now.</summary>
    public static DoctorReport AddTo(DoctorReport report, ServicesSnapshot site) => report with
    {
        Findings =
        [
            .. report.Findings.Concat(PoolFindings.Of(site)).Concat(FlowTableFindings.Of(site)).Concat(SpreadFindings.Of(site))
                .OrderBy(finding => finding.Severity),
        ],
    };
}
