using System.Collections.Immutable;
using Lb.Hocon;

namespace Lb.Host.Configuration;

/// <summary>Collects what is wrong, so that all of it is reported at once.</summary>
internal sealed class IssueList
{
    private readonly List<ConfigIssue> _issues = [];
    private readonly HashSet<(HoconOrigin Origin, string Problem)> _seen = [];

    public bool HasErrors { get; private set; }

    /// <summary>
    /// Adds an issue. A fault of an inherited value shows once, where it stands, and not again for each heir.
    /// </summary>
    public void Add(ConfigIssue issue)
    {
        if (_seen.Add((issue.Origin, issue.Problem)))
        {
            _issues.Add(issue);
            HasErrors |= issue.Severity == Severity.Error;
        }
    }

    public void AddRange(IEnumerable<ConfigIssue> issues)
    {
        foreach (ConfigIssue issue in issues)
        {
            Add(issue);
        }
    }

    /// <summary>All issues in the order of the file.</summary>
    public ImmutableArray<ConfigIssue> ToImmutableArray() =>
        [.. _issues.OrderBy(i => i.Origin.Source, StringComparer.Ordinal)
            .ThenBy(i => i.Origin.Line)
            .ThenBy(i => i.Origin.Column)];
}
