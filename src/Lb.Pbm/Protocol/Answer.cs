using System.Text.Json;

namespace Lb.Pbm.Protocol;

/// <summary>What a command answered.</summary>
/// <param name="Message">A sentence for people.</param>
/// <param name="Columns">Of <paramref name="Rows"/>.</param>
/// <param name="Rows">A table, every cell as text.</param>
/// <param name="Count">How many there are, in words.</param>
/// <param name="Data">The same for machines.</param>
internal sealed record Answer(
    string? Message = null,
    IReadOnlyList<Column?>? Columns = null,
    IReadOnlyList<IReadOnlyList<string?>?>? Rows = null,
    string? Count = null,
    JsonElement Data = default);

/// <summary>A line of an answer that comes bit by bit.</summary>
/// <param name="Text">For people.</param>
/// <param name="Data">The same for machines.</param>
internal sealed record AnswerLine(string Text, JsonElement Data = default);

/// <summary>A column of a table.</summary>
/// <param name="Name">A stable word.</param>
/// <param name="Title">What stands above it.</param>
/// <param name="Right">Aligned to the right, as numbers are.</param>
internal sealed record Column(string Name, string? Title = null, bool Right = false);

/// <summary>What a command is told.</summary>
/// <param name="Arguments">By name, in the order they were given.</param>
internal sealed record Invocation(IReadOnlyDictionary<string, IReadOnlyList<string>> Arguments);
