using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Lb.Host.Commands;

/// <summary>A column of an answer.</summary>
/// <param name="Name">Its name in JSON.</param>
/// <param name="Title">Its title for people.</param>
/// <param name="Right">Numbers stand to the right.</param>
internal sealed record Column(string Name, string Title, bool Right = false);

/// <summary>What a command answers: a sentence, a table, or both; and the same as data.</summary>
/// <param name="Message">A sentence.</param>
/// <param name="Columns">Columns of the table; empty for none.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Count">What was counted, as in "3 backends"; null where nothing was.</param>
/// <param name="Data">The same for programs.</param>
internal sealed record CommandResult(
    string? Message,
    ImmutableArray<Column> Columns,
    ImmutableArray<ImmutableArray<string>> Rows,
    string? Count,
    JsonNode? Data)
{
    /// <summary>A sentence alone.</summary>
    public static CommandResult Say(string message, JsonObject? data = null)
    {
        JsonObject all = data ?? [];
        all["message"] = message;
        return new CommandResult(message, [], [], null, all);
    }

    /// <summary>A table whose rows are also the data.</summary>
    /// <param name="what">What a row is, as in "backend".</param>
    /// <param name="columns">Columns.</param>
    /// <param name="rows">Rows, each with a value for each column.</param>
    public static CommandResult Table(
        string what, ImmutableArray<Column> columns, IEnumerable<ImmutableArray<string>> rows)
    {
        ImmutableArray<ImmutableArray<string>> all = [.. rows];
        JsonArray data = [];
        foreach (ImmutableArray<string> row in all)
        {
            JsonObject line = [];
            for (int i = 0; i < columns.Length; i++)
            {
                line[columns[i].Name] = row[i];
            }

            data.Add((JsonNode)line);
        }

        return new CommandResult(null, columns, all, $"{all.Length} {what}{(all.Length == 1 ? "" : "s")}", data);
    }
}
