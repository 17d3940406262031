using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Lb.Actors;

namespace Lb.Host.Commands;

/// <summary>What an argument of a command takes.</summary>
internal enum ArgumentKind
{
    Text,
    Number,

    /// <summary>Given or not; it takes no value.</summary>
    Flag,
}

/// <summary>An argument of a command.</summary>
/// <param name="Name">Its name, given as <c>--name</c>; a positional one also by its place.</param>
/// <param name="Description">One sentence.</param>
/// <param name="Kind">What it takes.</param>
/// <param name="Mandatory">The command is wrong without it.</param>
/// <param name="Positional">Given by its place.</param>
/// <param name="Repeatable">May be given several times.</param>
/// <param name="Short">One letter, given as <c>-n</c>.</param>
/// <param name="Hints">What could stand here, asked for when the palettes are.</param>
internal sealed record ArgumentSpec(
    string Name,
    string Description,
    ArgumentKind Kind = ArgumentKind.Text,
    bool Mandatory = false,
    bool Positional = false,
    bool Repeatable = false,
    string? Short = null,
    Func<CommandContext, CancellationToken, Task<ImmutableArray<string>>>? Hints = null);

/// <summary>Something that an operator can ask of a node.</summary>
/// <param name="Name">Its name within its palette.</param>
/// <param name="Description">One sentence.</param>
/// <param name="Changes">It changes something; others may be repeated at will.</param>
/// <param name="Arguments">What it takes, positional ones first.</param>
/// <param name="RunAsync">Carries it out.</param>
internal sealed record Command(
    string Name,
    string Description,
    bool Changes,
    ImmutableArray<ArgumentSpec> Arguments,
    Func<CommandCall, CancellationToken, Task<CommandResult>> RunAsync)
{
    /// <summary>What the caller must be allowed.</summary>
    public AccessRole Role { get; init; } = Changes ? AccessRole.Operate : AccessRole.Read;

    /// <summary>
    /// Answers line by line, for as long as somebody listens; null for a command that answers at once. What is wrong
    /// with the arguments is thrown at once, before there is a line.
    /// </summary>
    public Func<CommandCall, Func<CancellationToken, IAsyncEnumerable<AnswerLine>>>? Stream { get; init; }

    /// <summary>A command that answers line by line and changes nothing.</summary>
    public static Command Streaming(
        string name,
        string description,
        ImmutableArray<ArgumentSpec> arguments,
        Func<CommandCall, Func<CancellationToken, IAsyncEnumerable<AnswerLine>>> stream) =>
        new(name, description, Changes: false, arguments, (_, _) => throw new NotSupportedException($"{name} streams."))
        {
            Stream = stream,
        };
}

/// <summary>A line of an answer that comes bit by bit.</summary>
/// <param name="Text">For people.</param>
/// <param name="Data">For programs.</param>
internal sealed record AnswerLine(string Text, JsonNode Data);

/// <summary>Commands about one thing.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">One sentence.</param>
/// <param name="Commands">Its commands.</param>
internal sealed record Palette(string Name, string Description, ImmutableArray<Command> Commands);
