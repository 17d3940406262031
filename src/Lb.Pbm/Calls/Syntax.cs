using Lb.Pbm.Protocol;

namespace Lb.Pbm.Calls;

/// <summary>How commands and arguments are written.</summary>
internal static class Syntax
{
    /// <summary>A command with its arguments: <c>service show SERVICE [--why TEXT]</c>.</summary>
    public static string Line(Palette palette, Command command) =>
        string.Join(' ', [palette.Name, command.Name, .. command.Positionals.Concat(
            command.Arguments.Where(a => !a.Positional)).Select(Part)]);

    /// <summary>An argument by its name: <c>--why TEXT</c>.</summary>
    public static string Switch(Argument argument) =>
        argument.IsFlag ? $"--{argument.Name}" : $"--{argument.Name} {Placeholder(argument)}";

    /// <summary>What stands for the value: the name of a positional argument, else its kind.</summary>
    public static string Placeholder(Argument argument) =>
        (argument.Positional ? argument.Name : argument.Kind).ToUpperInvariant();

    private static string Part(Argument argument)
    {
        string part = argument.Positional ? Placeholder(argument) : Switch(argument);
        return (argument.Mandatory ? part : $"[{part}]") + (argument.Repeatable ? "..." : "");
    }
}
