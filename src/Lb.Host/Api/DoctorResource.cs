using System.Collections.Immutable;
using Lb.Host.Doctor;
using Lb.Host.Running;

namespace Lb.Host.Api;

/// <summary>What an examination of the host came to; <c>lbd --doctor --output json</c> prints the same.</summary>
/// <param name="Site">The site that it was made for.</param>
/// <param name="Version">Version of Lb.</param>
/// <param name="Healthy">No finding is an error.</param>
/// <param name="Errors">How many are errors.</param>
/// <param name="Warnings">How many are warnings.</param>
/// <param name="Infos">How many are neither.</param>
/// <param name="Checks">How many checks were made.</param>
/// <param name="Findings">What they found, errors first.</param>
/// <param name="Fixes">What was changed before; empty unless that was asked for.</param>
internal sealed record DoctorResource(
    string Site,
    string Version,
    bool Healthy,
    int Errors,
    int Warnings,
    int Infos,
    int Checks,
    ImmutableArray<FindingResource> Findings,
    ImmutableArray<FixResource> Fixes)
{
    public static DoctorResource From(DoctorReport report) => new(
        report.Site,
        BuildVersion.Text,
        report.Healthy,
        report.Count(FindingSeverity.Error),
        report.Count(FindingSeverity.Warning),
        report.Count(FindingSeverity.Info),
        report.Checks,
        [.. report.Findings.Select(FindingResource.From)],
        [.. report.Fixes.Select(fix => new FixResource(fix.Code, fix.Command, fix.Problem is null, fix.Problem))]);
}

/// <summary>A finding.</summary>
/// <param name="Code">Kind of finding; does not change between versions.</param>
/// <param name="Severity">error, warning or info.</param>
/// <param name="About">Interface, address, path or setting; empty where it is none.</param>
/// <param name="What">What is so.</param>
/// <param name="Why">Why it matters.</param>
/// <param name="Mend">What mends it; null where nothing has to be done.</param>
/// <param name="Fixable"><c>lbd --doctor --fix</c> mends it.</param>
internal sealed record FindingResource(
    string Code, string Severity, string About, string What, string Why, string? Mend, bool Fixable)
{
    public static FindingResource From(Finding finding) => new(
        finding.Code,
        Word.Of(finding.Severity),
        finding.About,
        finding.What,
        finding.Why,
        finding.Mend,
        !finding.Fixes.IsEmpty);
}

/// <summary>A change that was made, or tried.</summary>
/// <param name="Code">Code of the finding that asked for it.</param>
/// <param name="Command">The command that does the same.</param>
/// <param name="Done">It was made.</param>
/// <param name="Problem">Why it was not.</param>
internal sealed record FixResource(string Code, string Command, bool Done, string? Problem);
