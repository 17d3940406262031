using System.Collections.Immutable;
using System.Globalization;
using Lb.Actors;
using Lb.Host.Access;

namespace Lb.Host.Commands;

/// <summary>A command that was asked for, its arguments checked against what it takes.</summary>
/// <param name="Context">What commands work with.</param>
/// <param name="Arguments">Values by the argument's name.</param>
/// <param name="Caller">Who asks.</param>
internal sealed record CommandCall(
    CommandContext Context,
    ImmutableDictionary<string, ImmutableArray<string>> Arguments,
    Caller Caller)
{
    /// <summary>Name of the argument that gives the reason of a change.</summary>
    public const string Why = "why";

    /// <summary>The value of a mandatory argument.</summary>
    public string Text(string name) => Arguments[name][0];

    /// <summary>The value of an argument; null when it is not given.</summary>
    public string? Find(string name) => Arguments.TryGetValue(name, out ImmutableArray<string> values) ? values[0] : null;

    /// <summary>All values of a repeatable argument.</summary>
    public ImmutableArray<string> All(string name) => Arguments.GetValueOrDefault(name, []);

    /// <summary>Whether a flag is given.</summary>
    public bool Flag(string name) => Arguments.ContainsKey(name);

    /// <summary>A number; null when it is not given.</summary>
    public long? Number(string name) =>
        Find(name) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <summary>Who, when and why, for a change.</summary>
    public ChangeInfo Info(ChangeOrigin origin) =>
        new(origin, Caller.Who, Caller.From, Find(Why) ?? string.Empty, Context.Clock.GetUtcNow());

    /// <summary>
    /// Holds arguments against what a command takes.
    /// </summary>
    /// <exception cref="CommandFailure">They are not what it takes; the message names the argument.</exception>
    public static ImmutableDictionary<string, ImmutableArray<string>> Check(
        Command command, IReadOnlyDictionary<string, ImmutableArray<string>> given)
    {
        foreach ((string name, ImmutableArray<string> values) in given)
        {
            if (command.Arguments.FirstOrDefault(argument => argument.Name == name) is not { } argument)
            {
                throw CommandFailure.Usage(
                    $"{command.Name} takes no {name}",
                    $"it takes {string.Join(", ", command.Arguments.Select(known => known.Name))}");
            }

            CheckValues(command, argument, values);
        }

        foreach (ArgumentSpec missing in command.Arguments.Where(a => a.Mandatory && !given.ContainsKey(a.Name)))
        {
            throw CommandFailure.Usage($"{command.Name} needs {missing.Name}", missing.Description);
        }

        return given.ToImmutableDictionary(StringComparer.Ordinal);
    }

    private static void CheckValues(Command command, ArgumentSpec argument, ImmutableArray<string> values)
    {
        if (values.IsDefaultOrEmpty || values.Any(value => value is null))
        {
            throw CommandFailure.Usage($"{argument.Name} of {command.Name} has no value", argument.Description);
        }

        if (argument.Mandatory && values.Any(string.IsNullOrWhiteSpace))
        {
            throw CommandFailure.Usage($"{argument.Name} of {command.Name} is empty", argument.Description);
        }

        if (values.Length > 1 && !argument.Repeatable)
        {
            throw CommandFailure.Usage(
                $"{argument.Name} of {command.Name} is given {values.Length} times", "give it once");
        }

        if (argument.Kind == ArgumentKind.Number
            && values.FirstOrDefault(value => !long.TryParse(value, CultureInfo.InvariantCulture, out _)) is { } wrong)
        {
            throw CommandFailure.Usage($"{argument.Name} is \"{wrong}\", which is no whole number", argument.Description);
        }
    }
}
