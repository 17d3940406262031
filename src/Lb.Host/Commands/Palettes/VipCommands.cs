using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Lb.Actors;
using Lb.Host.Api;

namespace Lb.Host.Commands;

/// <summary>The commands of <c>cluster</c> about who answers for VIPs.</summary>
internal static class VipCommands
{
    private const string Undo = "undo";

    public static ImmutableArray<Command> All { get; } =
    [
        new Command("vips", "Each VIP with the node that answers for it, as this node knows it.", Changes: false, [], ShowAsync),
        new Command(
            "drain",
            "Takes traffic from this node before anything stops: others answer for its VIPs, and it is not ready. It holds until "
            + "it is undone or lbd is restarted.",
            Changes: true,
            [new ArgumentSpec(Undo, "Lets the node take VIPs again.", ArgumentKind.Flag, Short: "u")],
            DrainAsync),
    ];

    private static Task<CommandResult> ShowAsync(CommandCall call, CancellationToken stop) =>
        Task.FromResult(Report(call.Context.Announcer.Board.Current));

    private static async Task<CommandResult> DrainAsync(CommandCall call, CancellationToken stop)
    {
        bool drains = !call.Flag(Undo);
        AnnouncerSnapshot shown = await call.Context.Announcer.DrainAsync(drains, stop);
        call.Context.State.Drained = drains;
        return Report(shown) with
        {
            Message = $"{(drains ? "This node is drained" : "This node is not drained any more")}, and /health/ready says so. {Say(shown)}",
        };
    }

    private static CommandResult Report(AnnouncerSnapshot shown) => CommandResult.Table(
        "VIP",
        [
            new("vip", "VIP"), new("holder", "Holder"), new("term", "Term", Right: true), new("since", "Since"),
            new("by", "By"), new("problem", "Problem"),
        ],
        shown.Vips.Select(vip => (ImmutableArray<string>)
        [
            $"{vip.Vip}", Holder(vip), vip.Term == 0 ? "" : vip.Term.ToString(CultureInfo.InvariantCulture),
            Time(vip.Since), vip.By, vip.Problem ?? "",
        ])) with
    {
        Message = Say(shown),
        Data = new JsonObject
        {
            ["mode"] = Word.Of(shown.Mode),
            ["self"] = shown.Self,
            ["draining"] = shown.IsDraining,
            ["problem"] = shown.Problem,
            ["takeovers"] = shown.Takeovers,
            ["vips"] = new JsonArray([.. shown.Vips.Select(Data)]),
            ["neighbours"] = new JsonArray([.. shown.Neighbours.Select(Data)]),
        },
    };

    private static string Say(AnnouncerSnapshot shown)
    {
        if (shown.Mode == AnnounceMode.None)
        {
            return "This node announces nothing (lb.announce.mode = none).";
        }

        int here = shown.Vips.Count(vip => vip.IsHere);
        string state = shown.IsDraining ? here == 0
                ? " It drains and has none any more."
                : " It drains; those that are still here nobody else has taken yet."
            : shown.Problem is { } problem ? $" It takes none: {problem}."
            : string.Empty;
        string neighbours = string.Join(", ", shown.Neighbours.Select(
            n => $"{n.Name} {n.Address} {n.State}{(n.Bfd is { } bfd ? $", BFD {bfd}" : string.Empty)}"));
        return $"This node answers for {here} of {shown.Vips.Length}, by {Word.Of(shown.Mode)}.{state}"
            + (neighbours.Length > 0 ? $"\nNeighbours: {neighbours}." : string.Empty);
    }

    private static JsonNode Data(RouteNeighbour neighbour) => new JsonObject
    {
        ["name"] = neighbour.Name,
        ["address"] = $"{neighbour.Address}",
        ["state"] = neighbour.State,
        ["up"] = neighbour.IsUp,
        ["bfd"] = neighbour.Bfd,
    };

    private static JsonNode Data(VipSnapshot vip) => new JsonObject
    {
        ["vip"] = $"{vip.Vip}",
        ["holder"] = vip.Holder,
        ["here"] = vip.IsHere,
        ["term"] = vip.Term,
        ["since"] = Time(vip.Since),
        ["by"] = vip.By,
        ["problem"] = vip.Problem,
    };

    private static string Holder(VipSnapshot vip) =>
        vip.IsHere ? "this node" : vip.Holder ?? "nobody";

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
