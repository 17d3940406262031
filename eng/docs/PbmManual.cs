using Lb.Pbm;
using Lb.Pbm.Calls;
using Lb.Pbm.Certificates;
using Lb.Pbm.CommandLine;
using Lb.Pbm.Protocol;

namespace Lb.Docs;

/// <summary>pbm(1).</summary>
internal static class PbmManual
{
    public static string Generate()
    {
        Catalogue catalogue = HostCatalogue.Read();
        string version = typeof(Catalogue).Assembly.GetName().Version!.ToString(3);
        ManPage page = new ManPage("pbm", 1, version)
            .Name("pbm", "operate a node of the Lb load balancer")
            .Section("SYNOPSIS")
            .Verbatim(
                "pbm [options] [host:port] PALETTE COMMAND [arguments]",
                "pbm [options] [host:port]",
                "pbm [host:port] help [PALETTE [COMMAND]]")
            .Section("DESCRIPTION")
            .Paragraph("pbm runs a command on a node, prints what it answers, and ends. Without a command it prompts on "
                + "a terminal, and else reads commands line by line from standard input, until one fails.")
            .Paragraph($"The node is {HostAddress.Default} unless the command line or PBM_HOST says otherwise; an IPv6 "
                + "address stands in brackets, as in [::1]:9110. pbm asks the node what it can do and offers exactly "
                + "that: the commands below are those of a node of the same version.")
            .Paragraph("On loopback nothing is encrypted unless https://host:port asks for it. Everywhere else pbm speaks TLS, "
                + $"by port {HostAddress.DefaultTlsPort} unless told, and the node wants a token.")
            .Paragraph("On a terminal answers are drawn as tables. Elsewhere each row is a line with \" | \" between its "
                + "cells and no titles, and a last line says how many there are. Ctrl-C ends a watch, a command that "
                + "answers line by line, or at the prompt whatever runs.")
            .Section("OPTIONS")
            .Paragraph("They stand before the palette or behind the command, but for those that say where.");
        foreach (ClientOption option in ClientOption.All)
        {
            page.Term(option.Syntax, Sentence(option.Description));
        }

        page.Section("COMMANDS").Paragraph(
            "Arguments in capitals are given by their place, and all of them by name: --name value, --name=value, or -n "
            + "value where a letter is shown. Flags take no value.");
        foreach (Palette palette in catalogue.Palettes)
        {
            AddPalette(page, palette);
            if (palette.Name == "cluster")
            {
                AddPalette(page, CertificateCommands.Palette);
            }
        }

        page.Section("EXIT STATUS");
        foreach (ExitCode code in Enum.GetValues<ExitCode>())
        {
            page.Term($"{(int)code}", Meaning(code));
        }

        return page
            .Section("ENVIRONMENT")
            .Term("PBM_HOST", "The node that is asked, as host:port.")
            .Term("PBM_TOKEN", "The token that the node is shown. A file named by --token-file goes before it.")
            .Term("PBM_TOKEN_FILE", "File with the token, unless PBM_TOKEN holds one.")
            .Term("PBM_CA", "PEM file of the authorities whose certificates are believed; those of the system unless set.")
            .Term("NO_COLOR", "When it is not empty there are no colours.")
            .Term("XDG_STATE_HOME", "Where the lines typed at the prompt are kept; ~/.local/state unless set.")
            .Section("FILES")
            .Term("$XDG_STATE_HOME/pbm/history", "The last 1000 lines typed at the prompt.")
            .Section("EXAMPLES")
            .Verbatim(
                "pbm backend drain web b1 --why 'kernel update'",
                "pbm --output json service list",
                "pbm 192.0.2.7:9110 backend list web --watch 1s",
                "pbm config rollback 17 --plan",
                "pbm cluster cert node --ca /root/edge-ca --host 10.0.0.1 --out /etc/lb/cluster")
            .Section("SEE ALSO")
            .Paragraph("lbd(8)")
            .ToString();
    }

    private static void AddPalette(ManPage page, Palette palette)
    {
        page.Subsection(palette.Name).Paragraph(palette.Description ?? "");
        foreach (Command command in palette.Commands)
        {
            page.Term(Syntax.Line(palette, command), command.Description ?? "");
            if (command.Arguments.Count > 0)
            {
                page.Nested(command.Arguments.Select(argument => (Names(argument), argument.Description ?? "")));
            }
        }
    }

    private static string Names(Argument argument)
    {
        string name = argument.Positional ? Syntax.Placeholder(argument) : Syntax.Switch(argument);
        return argument.Short is { Length: > 0 } letter ? $"{name}, -{letter}" : name;
    }

    private static string Meaning(ExitCode code) => code switch
    {
        ExitCode.Done => "Done.",
        ExitCode.Failed => "The command failed, or the answer cannot be understood.",
        ExitCode.Usage => "The command line is wrong; nothing was done.",
        ExitCode.NoConnection => "No connection, or no answer in time. When a command was on its way, pbm says that it "
            + "may have been done.",
        ExitCode.Refused => "Refused: not allowed, or the state of the site does not permit it.",
        _ => throw new InvalidDataException($"pbm(1) does not say what exit code {code} means: add it to PbmManual."),
    };

    private static string Sentence(string text) => $"{char.ToUpperInvariant(text[0])}{text[1..]}.";
}
