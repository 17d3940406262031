using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Lb.Actors;

namespace Lb.Host.Commands;

/// <summary>What the journal tells of why a flow's slot is as it is.</summary>
/// <param name="Revisions">The site's past, oldest first; empty when it cannot be read.</param>
/// <param name="Problem">Why it cannot be read; null when it can.</param>
internal sealed record FlowCauses(ImmutableArray<SiteChanged> Revisions, string? Problem)
{
    /// <summary>Reads the past, where there is something to explain.</summary>
    public static async Task<FlowCauses> ReadAsync(CommandCall call, SlotStory? story, CancellationToken stop)
    {
        if (story is null)
        {
            return new FlowCauses([], "the service is not one of this node");
        }

        object answer = await call.Context.Site.AskAsync(new GetHistory(), stop);
        return answer is SiteHistory history
            ? new FlowCauses(history.Revisions, null)
            : new FlowCauses([], CommandContext.Failure(answer).Message);
    }

    /// <summary>A revision; null when it is not known.</summary>
    public SiteChanged? Find(long revision) => Revisions.FirstOrDefault(change => change.Revision == revision);

    /// <summary>The last revision about a service as a whole, or about one backend of it; null when there is none.</summary>
    public SiteChanged? LastAbout(string service, string? backend) => Revisions.LastOrDefault(change =>
        About(change, service, backend).Any());

    /// <summary>What a revision changed about a service as a whole, or about one backend of it.</summary>
    public static IEnumerable<SiteChange> About(SiteChanged change, string service, string? backend) =>
        change.Site.Where(part => part.Scope is ["services", var name, ..]
            && name == service
            && (part.Scope is not [_, _, "backends", var other, ..] || other == backend));

    /// <summary>Who made a revision, when and why.</summary>
    public static string Words(SiteChanged change, IEnumerable<SiteChange> parts)
    {
        string when = change.Info.When.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        string what = string.Join("; ", parts.Select(part => part.ToString()));
        return $"revision {change.Revision} of {when} by {change.Info.Who} from {change.Info.From}"
            + (what.Length == 0 ? "" : $": {what}")
            + (change.Info.Why.Length == 0 ? "" : $" (\"{change.Info.Why}\")");
    }

    /// <summary>The same for programs.</summary>
    public static JsonObject Data(SiteChanged change, IEnumerable<SiteChange> parts) => new()
    {
        ["revision"] = change.Revision,
        ["when"] = change.Info.When.ToString("O", CultureInfo.InvariantCulture),
        ["who"] = change.Info.Who,
        ["from"] = change.Info.From,
        ["origin"] = Api.Word.Of(change.Info.Origin),
        ["why"] = change.Info.Why,
        ["changes"] = new JsonArray([.. parts.Select(part => JsonValue.Create(part.ToString()))]),
    };
}
