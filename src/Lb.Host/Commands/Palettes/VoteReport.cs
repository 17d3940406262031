using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Lb.Actors;
using Microsoft.AspNetCore.Http;

namespace Lb.Host.Commands;

/// <summary>What the nodes of a cluster have agreed on, as one of them knows it.</summary>
internal static class VoteReport
{
    private const string NotKnown = "not known";

    public static ImmutableArray<Command> Commands { get; } =
    [
        new Command(
            "health",
            "What the nodes have agreed on each backend, and what each of its probers sees.",
            Changes: false,
            [],
            HealthAsync),
        new Command(
            "tables",
            "The table that each node has of each service; the exit code is 1 when they differ.",
            Changes: false,
            [],
            TablesAsync),
    ];

    private static async Task<CommandResult> HealthAsync(CommandCall call, CancellationToken stop)
    {
        VotesSnapshot? votes = await ReadAsync(call, stop);
        return CommandResult.Table(
            "backend",
            [
                new("service", "Service"), new("backend", "Backend"), new("agreed", "Agreed"), new("owner", "Owner"),
                new("term", "Term"), new("seen", "Seen by its probers"),
            ],
            Of(votes).SelectMany(service => service.Backends.Select(backend => ImmutableArray.Create(
                service.Name, $"{backend.Backend}", Word(backend.Agreed), service.Owner, service.Term,
                string.Join(", ", backend.Views.Select(view => $"{view.Node} {Word(view.Verdict)}")))))) with
        {
            Message = Scope(votes, $"{votes?.Quorum} of a backend's probers must see the same"),
            Data = new JsonObject
            {
                ["node"] = votes?.Self,
                ["quorum"] = votes?.Quorum,
                ["services"] = new JsonArray([.. Of(votes).Select(service => (JsonNode)Health(service))]),
            },
        };
    }

    private static async Task<CommandResult> TablesAsync(CommandCall call, CancellationToken stop)
    {
        VotesSnapshot? votes = await ReadAsync(call, stop);
        ImmutableArray<string> unlike = [.. Of(votes).SelectMany(Unlike)];
        if (!unlike.IsEmpty)
        {
            throw new CommandFailure(
                StatusCodes.Status503ServiceUnavailable,
                "tables-differ",
                $"as {votes?.Self} knows it, tables differ: {string.Join("; ", unlike)}",
                "give all nodes the same site file and runtime changes; cluster health shows what they see of backends");
        }

        return CommandResult.Table(
            "table",
            [new("service", "Service"), new("node", "Node"), new("table", "Table"), new("pool", "Pool")],
            Of(votes).SelectMany(service => service.Tables.Select(table => ImmutableArray.Create(
                service.Name, table.Node, table.Digest ?? NotKnown,
                table.Digest is null ? NotKnown : table.SamePool ? "as here" : "another")))) with
        {
            Message = Scope(votes, "all nodes that are heard have the same tables"),
            Data = new JsonObject
            {
                ["node"] = votes?.Self,
                ["services"] = new JsonArray([.. Of(votes).Select(service => (JsonNode)new JsonObject
                {
                    ["service"] = service.Name,
                    ["tables"] = new JsonArray([.. service.Tables.Select(table => (JsonNode)new JsonObject
                    {
                        ["node"] = table.Node,
                        ["digest"] = table.Digest,
                        ["samePool"] = table.Digest is null ? null : table.SamePool,
                    })]),
                })]),
            },
        };
    }

    /// <summary>What is known; null of a node that is alone.</summary>
    private static async Task<VotesSnapshot?> ReadAsync(CommandCall call, CancellationToken stop) =>
        await call.Context.Site.AskAsync(new GetVotes(), stop) as VotesSnapshot;

    private static string Scope(VotesSnapshot? votes, string known) => votes is null
        ? "This node is alone and goes by its own probes: service list tells what they see."
        : $"As {votes.Self} knows it, {known}.";

    private static ImmutableArray<VotedServiceSnapshot> Of(VotesSnapshot? votes) => votes?.Services ?? [];

    private static IEnumerable<string> Unlike(VotedServiceSnapshot service)
    {
        NodeTable own = service.Tables[0];
        return service.Tables
            .Where(table => table.Digest is not null && own.Digest is not null && table.Digest != own.Digest)
            .Select(table => table.SamePool
                ? $"{service.Name} at {table.Node} by other verdicts"
                : $"{service.Name} at {table.Node} by another pool in its configuration");
    }

    private static JsonObject Health(VotedServiceSnapshot service) => new()
    {
        ["service"] = service.Name,
        ["owner"] = service.Owner,
        ["term"] = service.Term,
        ["backends"] = new JsonArray([.. service.Backends.Select(backend => (JsonNode)new JsonObject
        {
            ["backend"] = $"{backend.Backend}",
            ["agreed"] = Word(backend.Agreed),
            ["seen"] = new JsonObject([.. backend.Views.Select(view =>
                KeyValuePair.Create(view.Node, (JsonNode?)Word(view.Verdict)))]),
        })]),
    };

    private static string Word(HealthVerdict verdict) => verdict switch
    {
        HealthVerdict.Up => "up",
        HealthVerdict.Down => "down",
        _ => NotKnown,
    };
}
