using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Lb.Actors;

namespace Lb.Host.Commands;

/// <summary>Carries out changes of the site and says what became of them.</summary>
internal static class SiteChanges
{
    private const int Tries = 5;

    /// <summary>Makes changes that depend on what the site is.</summary>
    /// <param name="call">The command.</param>
    /// <param name="change">The changes; asked for again when somebody else changed the site meanwhile.</param>
    /// <param name="done">What was done, as it reads before the revision.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="CommandFailure">It was not done.</exception>
    public static async Task<CommandResult> MakeAsync(
        CommandCall call, Func<ConfigState, ImmutableArray<SiteChange>> change, string done, CancellationToken stop)
    {
        await call.Context.Turn.WaitAsync(stop);
        try
        {
            return await TryAsync(call, change, done, stop);
        }
        finally
        {
            call.Context.Turn.Release();
        }
    }

    /// <summary>What became of a change.</summary>
    public static CommandResult Done(string done, IEnumerable<SiteChange> changes, ConfigApplied applied)
    {
        ImmutableArray<string> words = [.. changes.Select(change => change.ToString())];
        return CommandResult.Say(
            words.IsEmpty ? $"Nothing to change: revision {applied.Revision}." : $"{done}: revision {applied.Revision}.",
            new JsonObject
            {
                ["revision"] = applied.Revision,
                ["changes"] = new JsonArray([.. words.Select(word => JsonValue.Create(word))]),
                ["conflicts"] = new JsonArray([.. applied.Conflicts.Select(c => JsonValue.Create(c.ToString()))]),
            });
    }

    private static async Task<CommandResult> TryAsync(
        CommandCall call, Func<ConfigState, ImmutableArray<SiteChange>> change, string done, CancellationToken stop)
    {
        for (int tries = 1; ; tries++)
        {
            // Another node may have changed what this one has in force: what follows is held against what the journal says.
            ConfigState state = await call.Context.GetLatestConfigAsync(stop);
            if (call.Number(Arguments.Expect.Name) is { } expected && expected != state.Revision)
            {
                throw CommandFailure.Refused(
                    $"the site is at revision {state.Revision}, not {expected}",
                    mend: "look at what has changed with config history");
            }

            ImmutableArray<SiteChange> changes = change(state);
            SiteEditor.Check(call.Context.Config, state, changes);
            if (call.Flag(Arguments.Plan.Name))
            {
                return await PlanView.ShowAsync(call, SiteDiff.Apply(state.Site, changes), stop);
            }

            object answer = await call.Context.Site.AskAsync(
                new ChangeSite(changes, call.Info(ChangeOrigin.Runtime), state.Revision, call.Flag(Arguments.Force.Name)), stop);
            if (answer is ConfigApplied applied)
            {
                return Done(done, changes, applied);
            }

            // When somebody else was faster, what was checked is not what would be changed: once more from the start.
            if (answer is not ConfigRefused || tries == Tries || !await MovedOnAsync(call, state, stop))
            {
                throw CommandContext.Failure(answer);
            }
        }
    }

    private static async Task<bool> MovedOnAsync(CommandCall call, ConfigState seen, CancellationToken stop) =>
        (await call.Context.GetLatestConfigAsync(stop)).Revision != seen.Revision;
}
