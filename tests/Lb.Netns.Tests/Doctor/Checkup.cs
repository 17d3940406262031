using System.Collections.Immutable;
using System.Text.Json;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;

namespace Lb.Netns.Tests.Doctor;

/// <summary>What <c>lbd --doctor --output json</c> said.</summary>
internal sealed record Checkup(
    bool Healthy, int Errors, int Warnings, ImmutableArray<FindingAnswer> Findings, ImmutableArray<FixAnswer> Fixes)
{
    /// <summary>How the process ended.</summary>
    public int ExitCode { get; init; }

    /// <summary>Codes of what is wrong, each once.</summary>
    public IReadOnlyList<string> Codes =>
        [.. Findings.Where(f => f.Severity != "info").Select(f => f.Code).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Examines the lb namespace of a topology for a site.</summary>
    /// <param name="topology">The topology.</param>
    /// <param name="site">The site; null for one with every route and all backends.</param>
    /// <param name="fix">Mend first.</param>
    /// <param name="through">A command that runs lbd, before its path.</param>
    public static Checkup Of(
        Topology topology, SiteSpec? site = null, bool fix = false, params IReadOnlyList<string> through)
    {
        site ??= Route.FullSite(topology, "tcp");
        (int exitCode, string output, string error) = Lbd.RunThrough(
            topology, through, site.ToHocon(), ["--doctor", "--output", "json", .. fix ? (string[])["--fix"] : []]);
        Assert.True(error.Length == 0, error);
        return JsonSerializer.Deserialize<Checkup>(output, JsonSerializerOptions.Web)! with { ExitCode = exitCode };
    }

    /// <summary>Nothing is wrong; what is worth knowing is said.</summary>
    public void AssertHealthy()
    {
        Assert.Empty(Codes);
        Assert.True(Healthy, "not healthy without a finding");
        Assert.Equal(0, ExitCode);
    }

    /// <summary>This fault and no other is found as an error, in sentences that name these things.</summary>
    public FindingAnswer AssertError(string code, params string[] named)
    {
        FindingAnswer finding = AssertOnly(code, "error", named);
        Assert.False(Healthy, "healthy with an error");
        Assert.Equal(1, ExitCode);
        return finding;
    }

    /// <summary>This fault and no other is found as a warning, in sentences that name these things.</summary>
    public FindingAnswer AssertWarning(string code, params string[] named)
    {
        FindingAnswer finding = AssertOnly(code, "warning", named);
        Assert.True(Healthy, "a warning alone makes it unhealthy");
        Assert.Equal(0, ExitCode);
        return finding;
    }

    private FindingAnswer AssertOnly(string code, string severity, string[] named)
    {
        Assert.Equal([code], Codes);
        FindingAnswer finding = Findings.First(f => f.Code == code);
        Assert.Equal(severity, finding.Severity);
        Assert.All(named, name => Assert.Contains(name, finding.What, StringComparison.Ordinal));
        Assert.NotEmpty(finding.Why);
        Assert.NotEmpty(finding.Mend!);
        return finding;
    }
}

internal sealed record FindingAnswer(
    string Code, string Severity, string About, string What, string Why, string? Mend, bool Fixable)
{
    /// <summary><c>--fix</c> would mend it.</summary>
    public void AssertFixable() => Assert.True(Fixable, $"{Code} is not fixable");
}

internal sealed record FixAnswer(string Code, string Command, bool Done, string? Problem);
