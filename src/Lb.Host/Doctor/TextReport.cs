namespace Lb.Host.Doctor;

/// <summary>A report as people read it: what was changed, then a block a finding, then a count.</summary>
internal sealed class TextReport(TextWriter output, bool colours)
{
    private const string Red = "31";
    private const string Yellow = "33";
    private const string Green = "32";
    private const string Cyan = "36";

    public void Write(DoctorReport report)
    {
        foreach (AppliedFix fix in report.Fixes)
        {
            output.WriteLine(fix.Problem is null
                ? $"{Paint(Green, "fixed")} {fix.Code}: {fix.Command}"
                : $"{Paint(Red, "not fixed")} {fix.Code}: {fix.Command}: {fix.Problem}");
        }

        if (report.Fixes.Any(fix => fix.Problem is null))
        {
            output.WriteLine("What was fixed holds until the next boot.");
        }

        if (!report.Fixes.IsEmpty)
        {
            output.WriteLine();
        }

        foreach (Finding finding in report.Findings)
        {
            Write(finding);
        }

        output.WriteLine(Closing(report));
    }

    private static string Count(int number, string one) => number == 1 ? $"1 {one}" : $"{number} {one}s";

    private void Write(Finding finding)
    {
        (string colour, string word) = finding.Severity switch
        {
            FindingSeverity.Error => (Red, "error"),
            FindingSeverity.Warning => (Yellow, "warning"),
            _ => (Cyan, "info"),
        };
        output.WriteLine($"{Paint(colour, word)} {finding.Code}: {finding.What}");
        output.WriteLine($"  why:  {finding.Why}");
        if (finding.Mend is not null)
        {
            output.WriteLine($"  mend: {finding.Mend}");
        }

        if (!finding.Fixes.IsEmpty)
        {
            output.WriteLine("        lbd --doctor --fix does it.");
        }

        output.WriteLine();
    }

    private string Closing(DoctorReport report)
    {
        int errors = report.Count(FindingSeverity.Error);
        int warnings = report.Count(FindingSeverity.Warning);
        int notes = report.Count(FindingSeverity.Info);
        string counts = $"{Count(errors, "error")}, {Count(warnings, "warning")}, {Count(notes, "note")}";
        string verdict = errors > 0 ? Paint(Red, "not fit")
            : warnings > 0 ? Paint(Yellow, "fit, with warnings")
            : Paint(Green, "fit");
        return $"Site {report.Site}: this host is {verdict}: {counts} of {Count(report.Checks, "check")}.";
    }

    private string Paint(string colour, string text) => colours ? $"\e[{colour}m{text}\e[0m" : text;
}
