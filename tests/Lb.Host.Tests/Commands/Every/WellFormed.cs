using Lb.Host.Commands;
using HostCommand = Lb.Host.Commands.Command;

namespace Lb.Host.Tests.Commands.Every;

/// <summary>Lines that a node carries out, made from what its commands declare. Faults are made from them.</summary>
internal static class WellFormed
{
    /// <summary>Values by the argument's name; where one command differs, by its name before it.</summary>
    private static readonly Dictionary<string, string[]> s_values = new(StringComparer.Ordinal)
    {
        ["service"] = ["web"],
        ["service add service"] = ["mail"],
        ["backend"] = ["b1"],
        ["backend add backend"] = ["b3"],
        ["setting"] = ["tracking=full"],
        ["service add setting"] = ["vip=192.0.2.9", "port=25"],
        ["backend add setting"] = ["address=10.0.2.13"],
        ["weight"] = ["50"],
        ["protocol"] = ["tcp"],
        ["client"] = ["198.51.100.7:40000"],
        ["vip"] = ["192.0.2.1:80"],
        ["level"] = ["debug"],
        ["name"] = ["spare"],
        ["token add name"] = ["fresh"],
        ["role"] = ["read"],
        ["expires"] = ["90d"],
        ["address"] = ["10.0.0.2:9120"],
    };

    /// <summary>Every command there is.</summary>
    public static IEnumerable<(string Name, HostCommand Command)> Commands =>
        from palette in CommandDirectory.Palettes
        from command in palette.Commands
        select ($"{palette.Name} {command.Name}", command);

    /// <summary>A command with what it needs, and what may stand there by its place; each by its name.</summary>
    public static string[] Line(string name, HostCommand command, params IReadOnlyCollection<string> without) =>
    [
        .. name.Split(' '),
        .. command.Arguments
            .Where(argument => (argument.Mandatory || argument.Positional) && !without.Contains(argument.Name))
            .SelectMany(argument => Values(name, argument))
    ];

    /// <summary>The same, with words in place of the value of one argument, which may be one that is not mandatory.</summary>
    public static string[] With(string name, HostCommand command, ArgumentSpec argument, params string[] words) =>
        [.. Line(name, command, argument.Name), .. words];

    /// <summary>An argument with a value, or with its values.</summary>
    public static string[] Values(string name, ArgumentSpec argument) => argument.Kind == ArgumentKind.Flag
        ? [$"--{argument.Name}"]
        : [.. Samples(name, argument).SelectMany(value => (string[])[$"--{argument.Name}", value])];

    private static string[] Samples(string name, ArgumentSpec argument) =>
        s_values.GetValueOrDefault($"{name} {argument.Name}")
        ?? s_values.GetValueOrDefault(argument.Name)
        ?? (argument.Kind == ArgumentKind.Number ? ["1"] : ["something"]);
}
