using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Lb.Actors;

namespace Lb.Host.Commands;

/// <summary>How the nodes of a cluster share the limits of relayed services.</summary>
internal static class LimitReport
{
    public static Command Command { get; } = new(
        "limits",
        "How many connections each node may have of each relayed service and backend, and has.",
        Changes: false,
        [],
        ShowAsync);

    private static async Task<CommandResult> ShowAsync(CommandCall call, CancellationToken stop)
    {
        SlicesSnapshot? shown = await call.Context.Site.AskAsync(new GetSlices(), stop) as SlicesSnapshot;
        return CommandResult.Table(
            "slice",
            [
                new("service", "Service"), new("backend", "Backend"), new("limit", "Limit", Right: true), new("node", "Node"),
                new("slice", "Slice", Right: true), new("used", "In use", Right: true), new("lease", "Lease left", Right: true),
            ],
            from service in shown?.Services ?? []
            from limit in service.Limits
            from node in limit.Nodes
            select ImmutableArray.Create(
                service.Name, Backend(limit), Number(limit.Limit), Name(service, node), Slice(node), Number(node.Used), Lease(node))) with
        {
            Message = Say(shown),
            Data = new JsonObject
            {
                ["node"] = shown?.Self,
                ["countsForItselfBecauseOf"] = shown?.Mute,
                ["silent"] = new JsonArray([.. (shown?.Silent ?? []).Select(node => JsonValue.Create(node))]),
                ["services"] = new JsonArray([.. (shown?.Services ?? []).Select(Data)]),
            },
        };
    }

    private static string Say(SlicesSnapshot? shown) => shown is null
        ? "This node is alone: the limits of its relayed services are its own."
        : (shown.Mute is { } mute
            ? $"{mute} does not take part in the limits of the cluster: until it does, each node counts for itself."
            : "Limits hold for all nodes of the cluster together.")
            + (shown.Silent.IsEmpty ? string.Empty : $" Nothing was heard of {string.Join(", ", shown.Silent)}.");

    private static string Backend(SlicedLimitSnapshot limit) => limit.Backend is { } backend ? $"{backend}" : "all";

    private static string Name(SlicedServiceSnapshot service, SlicedNodeSnapshot node) =>
        node.Node == service.Owner ? $"{node.Node} (divides)" : node.Node;

    private static string Slice(SlicedNodeSnapshot node) => node.Slice is { } slice ? Number(slice) : "its own";

    private static string Lease(SlicedNodeSnapshot node) => node.Slice is null
        ? "none"
        : string.Create(CultureInfo.InvariantCulture, $"{node.LeaseLeft.TotalSeconds:0.0} s");

    private static JsonNode Data(SlicedServiceSnapshot service) => new JsonObject
    {
        ["service"] = service.Name,
        ["owner"] = service.Owner,
        ["limits"] = new JsonArray([.. service.Limits.Select(limit => new JsonObject
        {
            ["backend"] = limit.Backend is { } backend ? $"{backend}" : null,
            ["limit"] = limit.Limit,
            ["nodes"] = new JsonArray([.. limit.Nodes.Select(node => new JsonObject
            {
                ["node"] = node.Node,
                ["slice"] = node.Slice,
                ["used"] = node.Used,
                ["leaseLeftMs"] = node.LeaseLeft.TotalMilliseconds,
            })]),
        })]),
    };

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
