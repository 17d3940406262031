using System.Collections.Immutable;
using System.Globalization;
using Akka.Actor;
using Lb.Host.Api;
using Lb.Host.Doctor;

namespace Lb.Host.Commands;

/// <summary><c>actor</c> and <c>doctor</c>: a look at the node itself.</summary>
internal static class NodePalettes
{
    public static Palette Actor { get; } = new(
        "actor",
        "The node's actors.",
        [
            new Command("system", "Name, start and age of the actor system.", Changes: false, [], ShowSystemAsync),
            new Command("hierarchy", "The actors as a tree.", Changes: false, [], ShowHierarchyAsync),
        ]);

    public static Palette Doctor { get; } = new(
        "doctor",
        "Examines the host.",
        [new Command("examine", "Finds what is wrong with the host and says what mends it.", Changes: false, [], ExamineAsync)]);

    private static Task<CommandResult> ShowSystemAsync(CommandCall call, CancellationToken stop)
    {
        ActorSystem system = call.Context.System;
        return Task.FromResult(CommandResult.Table(
            "system",
            [new("name", "Name"), new("uptime", "Uptime")],
            [[system.Name, system.Uptime.ToString("c", CultureInfo.InvariantCulture)]]));
    }

    private static Task<CommandResult> ShowHierarchyAsync(CommandCall call, CancellationToken stop) =>
        Task.FromResult(CommandResult.Say(((ExtendedActorSystem)call.Context.System).PrintTree()));

    private static async Task<CommandResult> ExamineAsync(CommandCall call, CancellationToken stop)
    {
        DoctorReport report = await Task.Run(
            () => HostDoctor.Examine(call.Context.Config.Site, call.Context.Config.Node), stop);
        report = NodeFindings.AddTo(report, await call.Context.Site.GetServicesAsync(stop));
        return CommandResult.Table(
            "finding",
            [new("severity", "Severity"), new("code", "Code"), new("what", "What"), new("mend", "Mend")],
            report.Findings.Select(finding => (ImmutableArray<string>)
                [Word.Of(finding.Severity), finding.Code, finding.What, finding.Mend ?? ""]));
    }
}
