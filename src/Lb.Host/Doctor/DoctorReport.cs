using System.Collections.Immutable;

namespace Lb.Host.Doctor;

/// <summary>A change that was made, or tried.</summary>
/// <param name="Code">Code of the finding that asked for it.</param>
/// <param name="Command">The command that does the same.</param>
/// <param name="Problem">Why it could not be made; null when it was.</param>
internal sealed record AppliedFix(string Code, string Command, string? Problem);

/// <summary>What an examination of the host came to.</summary>
/// <param name="Site">The site that it was made for.</param>
/// <param name="Checks">How many checks were made.</param>
/// <param name="Findings">What they found, the worst first.</param>
internal sealed record DoctorReport(string Site, int Checks, ImmutableArray<Finding> Findings)
{
    /// <summary>What was changed before this report was made.</summary>
    public ImmutableArray<AppliedFix> Fixes { get; init; } = [];

    /// <summary>Whether no finding is an error.</summary>
    public bool Healthy => Count(FindingSeverity.Error) == 0;

    public int Count(FindingSeverity severity) => Findings.Count(finding => finding.Severity == severity);
}
