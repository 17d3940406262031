using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Lb.Actors;
using Lb.Host.Configuration;

namespace Lb.Host.Commands;

/// <summary>
/// Makes changes at run time by the same rules as a site file: the site is written as text, the change is laid over
/// it, and what comes of it is read and checked as a file is.
/// </summary>
internal static class SiteEditor
{
    private const string Source = "command";

    /// <summary>What a site becomes with settings, each a path below <c>lb.services</c> and its value.</summary>
    /// <exception cref="CommandFailure">A setting is wrong, or does not fit the rest.</exception>
    public static ImmutableArray<SiteChange> Set(
        LoadedConfig node, ConfigState state, IEnumerable<(ImmutableArray<string> Path, string Value)> settings)
    {
        StringBuilder text = new(SiteRenderer.Render(node.Node, state.Site));
        foreach ((ImmutableArray<string> path, string value) in settings)
        {
            string key = string.Join('.', path.Select(Quoted));
            text.Append("lb.services.").Append(key).Append(" = ").Append(Value(value)).Append('\n');
        }

        return SiteDiff.Between(state.Site, Read(text.ToString()));
    }

    /// <summary>Holds changes against the rules of a site file.</summary>
    /// <exception cref="CommandFailure">They cannot be made, or break a rule.</exception>
    public static void Check(LoadedConfig node, ConfigState state, ImmutableArray<SiteChange> changes)
    {
        if (!SiteDiff.TryApply(state.Site, changes, out SiteConfig? site, out string? problem))
        {
            throw CommandFailure.NotThere(problem, "service list and backend list show what there is");
        }

        // What concerns one service alone is held against the rules with that service alone: a site may have thousands of
        // backends, and weights are changed often.
        SiteConfig concerned = changes.All(IsOfOneService)
            ? site with
            {
                Services = site.Services.Where(service => changes.Any(change => change.Scope[1] == service.Key))
                .ToImmutableSortedDictionary(StringComparer.Ordinal)
            }
            : site;
        _ = Read(SiteRenderer.Render(node.Node, concerned));
    }

    private static bool IsOfOneService(SiteChange change) => change
        is SiteChange.BackendWeighted or SiteChange.BackendAdminSet or SiteChange.BackendBackupSet or SiteChange.BackendTlsSet
            or SiteChange.BackendServerIdSet or SiteChange.BackendRemoved;

    private static SiteConfig Read(string text)
    {
        LoadResult read = ConfigLoader.LoadText(text, Source);
        if (read.Config is { } config)
        {
            return config.Site;
        }

        ConfigIssue[] errors = [.. read.Issues.Where(issue => issue.Severity == Severity.Error)];
        throw errors is [var only]
            ? CommandFailure.Refused(Words(only), mend: only.Mend)
            : CommandFailure.Refused(
                "the site would not be right",
                [.. errors.Select(error => $"{Words(error)}; {error.Mend}")],
                "correct the settings that are named; reference.conf has all of them");
    }

    private static string Words(ConfigIssue issue) =>
        $"{issue.Key}: {Plain(issue.Problem)}; expected {issue.Expected}";

    /// <summary>Places in the text that was made up for the check mean nothing to anybody.</summary>
    private static string Plain(string problem)
    {
        int place = problem.IndexOf($" ({Source}:", StringComparison.Ordinal);
        return place < 0 ? problem : problem.Remove(place, problem.IndexOf(')', place) - place + 1);
    }

    /// <summary>Text is quoted, so that it can be nothing but a value; in a list each element is.</summary>
    private static string Value(string value) => value switch
    {
        "null" => value,
        ['[', .. var elements, ']'] => $"[{string.Join(", ", elements
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(Quoted))}]",
        _ => Quoted(value),
    };

    private static string Quoted(string text) => JsonSerializer.Serialize(text, RenderJson.Default.String);
}
