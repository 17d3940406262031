using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Lb.Actors;

namespace Lb.Host.Commands;

/// <summary>Shows what a change would do.</summary>
internal static class PlanView
{
    private static readonly ImmutableArray<Column> s_columns =
    [
        new("service", "Service"), new("slots", "Slots"), new("moved", "Slots moved", Right: true),
        new("movedFlows", "Flows moved", Right: true), new("protectedByPrevious", "Stay by previous", Right: true),
        new("protectedByFlowTable", "Stay by flow table", Right: true), new("lostFlows", "Flows lost", Right: true),
        new("source", "Known from"), new("highest", "Highest load"),
    ];

    /// <summary>What would happen if the site became something else; nothing happens.</summary>
    public static async Task<CommandResult> ShowAsync(CommandCall call, SiteConfig site, CancellationToken stop)
    {
        SitePlan plan = await call.Context.AskAsync<SitePlan>(new PlanSite(site), stop);
        PlanLimits limits = (await call.Context.GetConfigAsync(stop)).Site.Limits;
        ImmutableArray<PlanExcess> excesses = limits.Exceeded(plan);
        CommandResult answer = plan.Services.IsEmpty
            ? CommandResult.Say("No service's table would change: every flow stays where it is.")
            : CommandResult.Table("service", s_columns, plan.Services.Select(Row)) with
            {
                Message = excesses.IsEmpty ? null : $"Refused unless forced: {string.Join("; ", excesses)}.",
            };
        return answer with
        {
            Data = new JsonObject
            {
                ["services"] = new JsonArray([.. plan.Services.Select(Data)]),
                ["maxMovedFlows"] = limits.MaxMoved,
                ["maxLostFlows"] = limits.MaxLost,
                ["refused"] = new JsonArray([.. excesses.Select(excess => JsonValue.Create($"{excess}"))]),
            },
        };
    }

    private static ImmutableArray<string> Row(ServicePlan plan) =>
    [
        plan.Service,
        plan.SlotsBefore == plan.SlotsAfter ? $"{plan.SlotsAfter}" : $"{plan.SlotsBefore} → {plan.SlotsAfter}",
        plan.Moved.ToString(CultureInfo.InvariantCulture),
        Share(plan.Flows.Moved),
        Share(plan.Flows.ByPrevious),
        Share(plan.Flows.ByFlowTable),
        Share(plan.Flows.Lost),
        plan.Flows.Source switch
        {
            FlowSource.FlowTable => $"{plan.Flows.Known} flows in the flow table",
            FlowSource.SlotsAndFlowTable => $"slots and {plan.Flows.Known} flows in the flow table",
            _ => "slots",
        },
        plan.Highest is null ? "" : $"{plan.Highest} {Share(plan.HighestShare)}",
    ];

    private static JsonObject Data(ServicePlan plan) => new()
    {
        ["service"] = plan.Service,
        ["slotsBefore"] = plan.SlotsBefore,
        ["slotsAfter"] = plan.SlotsAfter,
        ["movedSlots"] = plan.Moved,
        ["source"] = plan.Flows.Source switch
        {
            FlowSource.FlowTable => "flow-table",
            FlowSource.SlotsAndFlowTable => "slots-and-flow-table",
            _ => "slots",
        },
        ["knownFlows"] = plan.Flows.Known,
        ["movedFlows"] = plan.Flows.Moved,
        ["protectedByPrevious"] = plan.Flows.ByPrevious,
        ["protectedByFlowTable"] = plan.Flows.ByFlowTable,
        ["lostFlows"] = plan.Flows.Lost,
        ["highestBackend"] = plan.Highest,
        ["highestShare"] = plan.HighestShare,
    };

    private static string Share(double share) => share.ToString("P1", CultureInfo.InvariantCulture);
}
