using Akka.Actor;
using Lb.Actors;
using Lb.Host.Configuration;
using Lb.Host.Logging;
using Lb.Host.Running;
using Microsoft.AspNetCore.Http;

namespace Lb.Host.Commands;

/// <summary>What commands work with.</summary>
internal sealed class CommandContext(
    SiteClient site, NodeState state, ActorSystem system, TimeProvider clock, LogFeed log, LogThreshold threshold,
    ClusterPart cluster, AnnouncerPart announcer, OrderlyLeave leave)
{
    private const string SeeSite = "config show tells what the site is, config history what was changed";

    public SiteClient Site => site;

    public NodeState State => state;

    public ActorSystem System => system;

    /// <summary>The node's part in a cluster.</summary>
    public ClusterPart Cluster => cluster;

    /// <summary>The node's announcer.</summary>
    public AnnouncerPart Announcer => announcer;

    /// <summary>How the node leaves its cluster.</summary>
    public OrderlyLeave Leave => leave;

    public TimeProvider Clock => clock;

    public LogFeed Log => log;

    public LogThreshold LogThreshold => threshold;

    /// <summary>Changes of this node's operators take turns, so that each is checked against what it changes.</summary>
    public SemaphoreSlim Turn { get; } = new(1);

    /// <summary>The node's configuration.</summary>
    /// <exception cref="CommandFailure">The node is starting.</exception>
    public LoadedConfig Config => state.Config
        ?? throw new CommandFailure(
            StatusCodes.Status503ServiceUnavailable, "starting", "the node is starting", "try again in a moment");

    /// <summary>The config of the site that this node goes by.</summary>
    /// <exception cref="CommandFailure">The journal has not been read yet.</exception>
    public Task<ConfigState> GetConfigAsync(CancellationToken stop) => AskAsync<ConfigState>(new GetConfig(), stop);

    /// <summary>The config of the site as its journal tells it now, which other nodes may have changed.</summary>
    /// <exception cref="CommandFailure">The journal cannot be used.</exception>
    public Task<ConfigState> GetLatestConfigAsync(CancellationToken stop) =>
        AskAsync<ConfigState>(new GetConfig(Latest: true), stop);

    /// <summary>Asks the site for a change, or for its past.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="stop">Ends it.</param>
    /// <param name="mend">What to do when it is refused.</param>
    /// <exception cref="CommandFailure">It was not carried out.</exception>
    public async Task<T> AskAsync<T>(object question, CancellationToken stop, string mend = SeeSite)
        where T : class
    {
        object answer = await site.AskAsync(question, stop);
        return answer as T ?? throw Failure(answer, mend);
    }

    /// <summary>What an answer means that is not the one that was hoped for.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="mend">What to do when it is a refusal.</param>
    public static CommandFailure Failure(object answer, string mend = SeeSite) => answer switch
    {
        ConfigRefused { Reasons: [var reason] } => CommandFailure.Refused(reason, mend: mend),
        ConfigRefused refused => CommandFailure.Refused("the site cannot be that", refused.Reasons, mend),
        ConfigConflicted conflicted => new CommandFailure(
            StatusCodes.Status409Conflict,
            "conflict",
            "the file would overrule what was changed at run time",
            "look at it with config diff; --force lets the file win",
            [.. conflicted.Conflicts.Select(conflict => conflict.ToString())]),
        ConfigLimited limited => new CommandFailure(
            StatusCodes.Status422UnprocessableEntity,
            "plan-limit",
            limited.Excesses is [var only] ? $"{only}" : "it would do more to live flows than the site allows",
            "look at it with --plan; go in smaller steps, or say --force",
            limited.Excesses.Length > 1 ? [.. limited.Excesses.Select(excess => $"{excess}")] : []),
        ConfigUnavailable unavailable => new CommandFailure(
            StatusCodes.Status503ServiceUnavailable,
            "journal",
            $"the site's journal cannot be used: {unavailable.Reason}",
            "forwarding goes on; changes are taken again when it works"),
        ConfigUnconfirmed unconfirmed => new CommandFailure(
            StatusCodes.Status503ServiceUnavailable,
            "unconfirmed",
            $"the journal did not confirm the change: {unconfirmed.Reason}",
            "look at config show before trying again"),
        KernelUnavailable unavailable => new CommandFailure(
            StatusCodes.Status503ServiceUnavailable,
            "kernel",
            $"the kernel cannot be asked: {unavailable.Reason}",
            "it is tried again by itself; kernel show says how it goes"),
        _ => throw new InvalidOperationException($"The site answered with a {answer.GetType().Name}."),
    };
}
