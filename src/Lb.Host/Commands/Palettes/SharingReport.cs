using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Lb.Actors;

namespace Lb.Host.Commands;

/// <summary>What nodes of a cluster tell each other of flows, as one of them knows it.</summary>
internal static class SharingReport
{
    public static Command Command { get; } = new(
        "flows",
        "What this node and each other one have told each other of flows, and what is on its way.",
        Changes: false,
        [],
        ShowAsync);

    private static async Task<CommandResult> ShowAsync(CommandCall call, CancellationToken stop)
    {
        SharingSnapshot? shown = await call.Context.Site.AskAsync(new GetSharing(), stop) as SharingSnapshot;
        return CommandResult.Table(
            "node",
            [
                new("node", "Node"), new("state", "State"), new("sent", "Sent", Right: true),
                new("confirmed", "Confirmed", Right: true), new("behind", "Entries behind", Right: true),
                new("lag", "Lag", Right: true), new("median", "Lag p50", Right: true), new("tail", "Lag p99", Right: true),
                new("heard", "Entries heard", Right: true), new("resyncs", "Resyncs", Right: true),
            ],
            (shown?.Peers ?? []).Select(peer => ImmutableArray.Create(
                peer.Node, State(peer), Number(peer.Sent), Number(peer.Confirmed), Number(peer.Behind), Milliseconds(peer.Lag),
                Milliseconds(peer.LagMedian), Milliseconds(peer.LagTail), Number(peer.Heard), Number(peer.Resyncs)))) with
        {
            Message = Say(shown),
            Data = new JsonObject
            {
                ["node"] = shown?.Self,
                ["established"] = shown?.IsEstablished,
                ["lacks"] = shown?.Lacks,
                ["entries"] = shown?.Entries,
                ["sentAgain"] = shown?.SentAgain,
                ["lost"] = shown?.Lost,
                ["untold"] = shown?.Untold,
                ["peers"] = new JsonArray([.. (shown?.Peers ?? []).Select(Data)]),
            },
        };
    }

    private static string Say(SharingSnapshot? shown) => shown is null
        ? "This node is alone and shares no flows."
        : $"{shown.Self} has told the others of {shown.Entries} flow entries. "
            + (shown.Lacks is { } lacks ? $"It has not caught up with them: {lacks}." : "It has what they know.")
            + (shown.Untold > 0 ? $" Of {shown.Untold} services it has yet to tell which slots have moved." : string.Empty)
            + (shown.Lost > 0 ? $" {shown.Lost} entries found no room in the kernel's buffer." : string.Empty);

    private static string State(SharedPeerSnapshot peer) =>
        !peer.IsReachable ? "not reachable" : !peer.IsWhole ? "being asked" : peer.IsEstablished ? "whole" : "joining";

    private static JsonNode Data(SharedPeerSnapshot peer) => new JsonObject
    {
        ["node"] = peer.Node,
        ["state"] = State(peer),
        ["sent"] = peer.Sent,
        ["confirmed"] = peer.Confirmed,
        ["behind"] = peer.Behind,
        ["lagMs"] = peer.Lag.TotalMilliseconds,
        ["lagP50Ms"] = peer.LagMedian.TotalMilliseconds,
        ["lagP99Ms"] = peer.LagTail.TotalMilliseconds,
        ["heard"] = peer.Heard,
        ["position"] = peer.Position,
        ["resyncs"] = peer.Resyncs,
    };

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.#} ms");
}
