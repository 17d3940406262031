using Lb.Host.Configuration;
using Lb.Host.Doctor;
using Lb.Kernel.Host;

namespace Lb.Host.Tests.Doctor;

/// <summary>One thing that is wrong, or worth knowing, in facts that are well otherwise.</summary>
/// <param name="Code">The only code that is found.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Named">Words of the sentence.</param>
/// <param name="Change">Makes the fault.</param>
internal sealed record Fault(string Code, FindingSeverity Severity, string Named, Func<HostFacts, HostFacts> Change)
{
    /// <summary>Lines added to the site file.</summary>
    public string Lines { get; init; } = "";

    /// <summary>The site file.</summary>
    public string Site { get; init; } = HealthyHost.Site;

    /// <summary>What the node has is not what its file says.</summary>
    public Func<NodeOptions, NodeOptions>? Node { get; init; }

    /// <summary>What the doctor says of it.</summary>
    public DoctorReport Judge() => HealthyHost.Judge(Change(HealthyHost.Facts), Lines, Site, Node);
}
