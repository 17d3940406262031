using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Lb.Actors;
using Lb.Host.Configuration;
using Lb.Host.Running;
using Lb.Kernel;
using Lb.Kernel.Migration;

namespace Lb.Host.Commands;

/// <summary><c>config</c>: revisions of the site, and its file.</summary>
internal static class ConfigPalette
{
    private const int Newest = 20;
    private const int Most = 100_000;
    private const string SeeHistory = "config history shows what there is";

    private static readonly ArgumentSpec s_revision = new(
        "revision", "Number of a revision; config history shows them.", ArgumentKind.Number, Positional: true);

    private static readonly ImmutableArray<Column> s_changes = [new("change", "Change")];

    public static Palette Palette { get; } = new(
        "config",
        "Revisions of the site and its file: look, compare, check, apply, go back.",
        [
            new Command(
                "show", "The site as a file would say it, as it is or as it was at a revision.", Changes: false, [s_revision], ShowAsync),
            new Command(
                "history",
                "What was changed, by whom, when and why; newest last.",
                Changes: false,
                [new ArgumentSpec("count", $"How many revisions, 1 to {Most}; {Newest} unless told.", ArgumentKind.Number, Short: "n")],
                HistoryAsync),
            new Command(
                "diff",
                "What was changed at run time on top of the file; with revisions, what changed from one to the other.",
                Changes: false,
                [s_revision with { Name = "from" }, s_revision with { Name = "to" }],
                DiffAsync),
            new Command("check", "Checks the site file that the node was started with.", Changes: false, [], CheckAsync),
            new Command(
                "plan",
                "What the site file, or a rollback to a revision, would do to tables and flows; does nothing.",
                Changes: false,
                [s_revision],
                PlanAsync),
            new Command(
                "apply",
                "Reads the site file again and puts it in force.",
                Changes: true,
                [
                    Arguments.Force with
                    {
                        Description = "Lets the file overrule what was changed at run time, and goes beyond the limits on "
                            + "live flows (lb.plan).",
                    },
                    Arguments.Why,
                ],
                ApplyAsync),
            new Command(
                "rollback",
                "Makes the site what it was at a revision.",
                Changes: true,
                [s_revision with { Mandatory = true }, Arguments.Plan, Arguments.Force, Arguments.Why],
                RollbackAsync),
        ]);

    private static async Task<CommandResult> ShowAsync(CommandCall call, CancellationToken stop)
    {
        ConfigState state = call.Number("revision") is { } revision
            ? await AtAsync(call, revision, stop)
            : await call.Context.GetConfigAsync(stop);
        string text = SiteRenderer.Render(call.Context.Config.Node, state.Site);
        ConfigNodes nodes = await ConfigReport.ReadAsync(call, stop);
        ConfigSnapshot own = (await call.Context.Site.GetServicesAsync(stop)).Config;
        return CommandResult.Say(
            $"# revision {state.Revision}, {state.Runtime.Length} changes at run time on top of the file\n"
            + ConfigReport.Lines(nodes, own, call.Context.State.File) + text,
            new JsonObject
            {
                ["revision"] = state.Revision,
                ["runtimeChanges"] = state.Runtime.Length,
                ["hocon"] = text,
                ["nodes"] = new JsonObject([.. nodes.All.Select(node =>
                    KeyValuePair.Create(node.Address, (JsonNode?)ConfigReport.Of(nodes, node.Address)))]),
                ["otherFile"] = new JsonArray([.. own.OtherFile.Select(change => JsonValue.Create(change.ToString()))]),
            });
    }

    private static async Task<CommandResult> HistoryAsync(CommandCall call, CancellationToken stop)
    {
        long count = call.Number("count") ?? Newest;
        if (count is < 1 or > Most)
        {
            throw CommandFailure.Usage($"a count of {count} is not possible", $"1 to {Most}");
        }

        SiteHistory history = await call.Context.AskAsync<SiteHistory>(new GetHistory(Count: (int)count), stop);
        return CommandResult.Table(
            "revision",
            [
                new("revision", "Revision", Right: true), new("when", "When"), new("who", "Who"), new("from", "From"),
                new("origin", "Origin"), new("what", "What"), new("why", "Why"),
            ],
            history.Revisions.Select(change => (ImmutableArray<string>)
            [
                change.Revision.ToString(CultureInfo.InvariantCulture),
                change.Info.When.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                change.Info.Who,
                change.Info.From,
                Api.Word.Of(change.Info.Origin),
                What(change),
                change.Info.Why,
            ]));
    }

    private static string What(SiteChanged change) => change.Site switch
    {
        [] => "the file says what was changed at run time",
        [var only] => only.ToString(),
        [var first, ..] => $"{first} and {change.Site.Length - 1} more",
    };

    private static async Task<CommandResult> DiffAsync(CommandCall call, CancellationToken stop)
    {
        ConfigState now = await call.Context.GetConfigAsync(stop);
        if (call.Number("from") is not { } from)
        {
            return Changes(now.Runtime);
        }

        ConfigState before = await AtAsync(call, from, stop);
        ConfigState after = call.Number("to") is { } to ? await AtAsync(call, to, stop) : now;
        return Changes(SiteDiff.Between(before.Site, after.Site));
    }

    private static CommandResult Changes(IEnumerable<SiteChange> changes) => CommandResult.Table(
        "change", s_changes, changes.Select(change => (ImmutableArray<string>)[change.ToString()]));

    private static Task<CommandResult> CheckAsync(CommandCall call, CancellationToken stop)
    {
        string file = call.Context.State.File;
        LoadedConfig config = Load(call);
        return Task.FromResult(CommandResult.Say(string.Join('\n', [config.Verdict(file), .. AtRestart(file)])));
    }

    /// <summary>What a restart with the file, sizes of maps included, would do with those that are pinned, where that is anything.</summary>
    private static IEnumerable<string> AtRestart(string file)
    {
        if (ConfigLoader.LoadFile(file).Config is not { } wanted)
        {
            return [];
        }

        StartForecast forecast = StartForecaster.Read(wanted.Node.ToDatapathOptions());
        return forecast.Changes.Any() ? [.. ForecastText.Lines(forecast), .. ForecastText.Refusals(forecast)] : [];
    }

    private static async Task<CommandResult> ApplyAsync(CommandCall call, CancellationToken stop)
    {
        LoadedConfig config = Load(call);
        ConfigState before = await call.Context.GetConfigAsync(stop);
        ConfigApplied applied = await call.Context.AskAsync<ConfigApplied>(
            new ApplyConfig(
                config.Site,
                call.Info(ChangeOrigin.File) with { From = call.Context.State.File },
                RefuseConflicts: !call.Flag(Arguments.Force.Name),
                Force: call.Flag(Arguments.Force.Name)),
            stop);
        return SiteChanges.Done(
            $"{call.Context.State.File} applied",
            SiteDiff.Between(before.Site, (await call.Context.GetConfigAsync(stop)).Site),
            applied);
    }

    private static async Task<CommandResult> PlanAsync(CommandCall call, CancellationToken stop) =>
        await PlanView.ShowAsync(
            call,
            call.Number("revision") is { } revision
                ? (await AtAsync(call, revision, stop)).Site
                : SiteMerge.Of(await call.Context.GetConfigAsync(stop), Load(call).Site).Site,
            stop);

    private static async Task<CommandResult> RollbackAsync(CommandCall call, CancellationToken stop)
    {
        long revision = call.Number("revision")!.Value;
        if (call.Flag(Arguments.Plan.Name))
        {
            return await PlanAsync(call, stop);
        }

        ConfigState before = await call.Context.GetConfigAsync(stop);
        ConfigApplied applied = await call.Context.AskAsync<ConfigApplied>(
            new RollbackSite(
                revision, call.Info(ChangeOrigin.Rollback), call.Flag(Arguments.Force.Name)),
            stop,
            SeeHistory);
        return SiteChanges.Done(
            $"Back to what the site was at revision {revision}",
            SiteDiff.Between(before.Site, (await call.Context.GetConfigAsync(stop)).Site),
            applied);
    }

    private static async Task<ConfigState> AtAsync(CommandCall call, long revision, CancellationToken stop)
    {
        SiteHistory history = await call.Context.AskAsync<SiteHistory>(new GetHistory(revision, 0), stop);
        return revision >= 1 && history.State.Revision == revision
            ? history.State
            : throw CommandFailure.NotThere(
                $"there is no revision {revision}: the site is at {(await call.Context.GetConfigAsync(stop)).Revision}",
                SeeHistory);
    }

    /// <summary>The site file as it is now.</summary>
    /// <exception cref="CommandFailure">The file has errors.</exception>
    private static LoadedConfig Load(CommandCall call)
    {
        ReloadPlan plan = ReloadPlan.Of(
            call.Context.Config, ConfigLoader.LoadFile(call.Context.State.File), call.Context.State.File);
        return plan.Config ?? throw CommandFailure.Refused(
            $"{call.Context.State.File} is not right",
            [.. plan.Issues.Where(issue => issue.Severity == Severity.Error).Select(issue => issue.ToString())],
            "correct the file, and look at it with config check");
    }
}
