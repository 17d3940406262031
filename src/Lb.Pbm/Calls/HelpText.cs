using System.Text;
using Lb.Pbm.CommandLine;
using Lb.Pbm.Protocol;

namespace Lb.Pbm.Calls;

/// <summary>Help: on <c>pbm</c> itself, and on what the host can do.</summary>
internal static class HelpText
{
    /// <summary>Help that needs no host.</summary>
    public static string Client => $"""
        Usage: pbm [options] [host:port] [palette command [arguments]]

        Runs a command on a node. Without one it prompts on a terminal, and else reads commands line by line from
        standard input, until one fails. The host is {HostAddress.Default} unless it or PBM_HOST says otherwise.

        help                    what the host can do
        help PALETTE            the commands of a palette; also PALETTE help
        help PALETTE COMMAND    one command; also PALETTE COMMAND --help
        cluster cert            makes and shows certificates of a cluster, without a host

        Options, before the palette or after the command:
        {Table(ClientOption.All.Select(option => (option.Syntax, (string?)option.Description)))}

        On loopback nothing is encrypted unless https://host:port asks for it; elsewhere all is, by TLS, port 9111.

        Exit codes: 0 done, 1 failed, 2 wrong usage, 3 no connection, 4 refused.
        """;

    public static string For(Catalogue catalogue, HelpRequest request) => request switch
    {
        { Palette: { } palette, Command: { } command } => For(palette, command),
        { Palette: { } palette } => For(palette),
        _ => For(catalogue),
    };

    private static string For(Catalogue catalogue) => $"""
        {Table(catalogue.Palettes.Select(p => (p.Name, p.Description)))}

        'help PALETTE' lists its commands.
        """;

    private static string For(Palette palette) => $"""
        {palette.Name}: {palette.Description}

        {Table(palette.Commands.Select(c => (Syntax.Line(palette, c), c.Description)))}

        'help {palette.Name} COMMAND' explains one.
        """;

    private static string For(Palette palette, Command command)
    {
        var text = new StringBuilder().Append($"""
            {Syntax.Line(palette, command)}

            {command.Description}{(command.Changes ? "" : " It changes nothing, so --watch can repeat it.")}
            """);
        if (command.Arguments.Count > 0)
        {
            text.Append("\n\n").Append(Table(command.Arguments.Select(a => (Names(a), (string?)Explained(a)))));
        }

        return text.ToString();
    }

    private static string Names(Argument argument)
    {
        string name = argument.Positional ? Syntax.Placeholder(argument) : Syntax.Switch(argument);
        return argument.Short is { Length: > 0 } letter ? $"{name}, -{letter}" : name;
    }

    private static string Explained(Argument argument)
    {
        var text = new StringBuilder(argument.Description);
        text.Append(argument.Mandatory ? " Mandatory." : "");
        text.Append(argument.Repeatable ? " May be repeated." : "");
        text.Append(argument.Default is { Length: > 0 } value ? $" Default: {value}." : "");
        text.Append(argument.Hints.Count > 0 ? $" As in: {string.Join(", ", argument.Hints.Take(8))}." : "");
        return text.ToString().Trim();
    }

    private static string Table(IEnumerable<(string Name, string? Text)> entries)
    {
        (string Name, string? Text)[] rows = [.. entries];
        int width = rows.Select(r => r.Name.Length).DefaultIfEmpty().Max();

        // A name that would push all others away gets a line of its own.
        int column = Math.Min(width, 44);
        return string.Join('\n', rows.Select(r => r.Name.Length > column
            ? $"  {r.Name}\n  {"".PadRight(column)}  {r.Text}"
            : $"  {r.Name.PadRight(column)}  {r.Text}".TrimEnd()));
    }
}
