using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Lb.Host.Commands;

namespace Lb.Host.Api;

/// <summary>What a command takes.</summary>
/// <param name="Name">Name of the argument.</param>
/// <param name="Short">Its letter; null for none.</param>
/// <param name="Kind">text, number or flag.</param>
/// <param name="Description">One sentence.</param>
/// <param name="Mandatory">The command is wrong without it.</param>
/// <param name="Repeatable">May be given several times.</param>
/// <param name="Positional">Given by its place.</param>
/// <param name="Default">What holds when it is not given; null where that is nothing.</param>
/// <param name="Hints">What could stand here.</param>
internal sealed record ArgumentResource(
    string Name,
    string? Short,
    string Kind,
    string Description,
    bool Mandatory,
    bool Repeatable,
    bool Positional,
    string? Default,
    ImmutableArray<string> Hints);

/// <summary>A command.</summary>
/// <param name="Name">Its name within its palette.</param>
/// <param name="Description">One sentence.</param>
/// <param name="Changes">It changes something; others may be repeated at will.</param>
/// <param name="Role">read, operate or admin: what the caller must be allowed.</param>
/// <param name="Streams">It answers line by line: <c>application/x-ndjson</c>.</param>
/// <param name="Arguments">What it takes, positional ones first.</param>
internal sealed record CommandResource(
    string Name,
    string Description,
    bool Changes,
    string Role,
    bool Streams,
    ImmutableArray<ArgumentResource> Arguments);

/// <summary>Commands about one thing.</summary>
internal sealed record PaletteResource(string Name, string Description, ImmutableArray<CommandResource> Commands);

/// <summary>Everything that can be asked of this node.</summary>
internal sealed record PalettesResource(ImmutableArray<PaletteResource> Palettes);

/// <summary>A command's arguments: values by the argument's name; a flag has one value, which does not matter.</summary>
internal sealed record CommandRequest(ImmutableDictionary<string, ImmutableArray<string>>? Arguments)
{
    /// <summary>No argument.</summary>
    public static CommandRequest Empty { get; } = new((ImmutableDictionary<string, ImmutableArray<string>>?)null);
}

/// <summary>A column of an answer.</summary>
internal sealed record ColumnResource(string Name, string Title, bool Right);

/// <summary>What a command answers.</summary>
/// <param name="Message">A sentence or a text; null where the table says all.</param>
/// <param name="Columns">Columns of the table; null for none.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Count">What was counted, as in "3 backends".</param>
/// <param name="Data">The same for programs.</param>
internal sealed record CommandResultResource(
    string? Message,
    ImmutableArray<ColumnResource>? Columns,
    ImmutableArray<ImmutableArray<string>> Rows,
    string? Count,
    JsonNode? Data)
{
    public static CommandResultResource From(CommandResult result) => new(
        result.Message,
        result.Columns.IsEmpty ? null : [.. result.Columns.Select(c => new ColumnResource(c.Name, c.Title, c.Right))],
        result.Rows,
        result.Count,
        result.Data);
}
