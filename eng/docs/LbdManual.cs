using System.CommandLine;
using System.CommandLine.Help;
using Lb.Host.CommandLine;

namespace Lb.Docs;

/// <summary>lbd(8).</summary>
internal static class LbdManual
{
    public static string Generate()
    {
        System.CommandLine.Command lbd = new LbdCommand().Definition;
        string version = typeof(LbdCommand).Assembly.GetName().Version!.ToString(3);
        ManPage page = new ManPage("lbd", 8, version)
            .Name("lbd", "node of the Lb load balancer")
            .Section("SYNOPSIS")
            .Verbatim("lbd --config FILE [options]")
            .Section("DESCRIPTION")
            .Paragraph(lbd.Description!)
            .Paragraph("lbd runs one site on a host until a signal ends it: it checks the site file, loads the XDP "
                + "program, probes the backends, and keeps the kernel's tables at what the site is to be. The kernel "
                + "forwards by itself, also while lbd does not run. Operators talk to it with pbm(1).")
            .Section("OPTIONS");
        foreach (Option option in lbd.Options.Where(option => !option.Hidden).OrderBy(option => option is HelpOption or VersionOption))
        {
            string names = string.Join(", ", ((string[])[option.Name, .. option.Aliases])
                .Where(name => name.StartsWith('-')).OrderBy(name => name.Length).ThenBy(name => name, StringComparer.Ordinal));
            page.Term(option.HelpName is { } value ? $"{names} {value}" : names, Plain(option));
        }

        page.Section("EXIT STATUS");
        foreach (ExitCode code in Enum.GetValues<ExitCode>())
        {
            page.Term($"{(int)code}", Meaning(code));
        }

        return page
            .Section("SIGNALS")
            .Term("SIGHUP", "The site file is read again. With errors, or beyond the limits of lb.plan, all stays as it "
                + "was and the log says why. Keys marked (restart) in the reference keep their value.")
            .Term("SIGTERM, SIGINT", "lbd drains for lb.shutdown.drain, then removes what it has in the kernel and ends; "
                + "with lb.shutdown.keep-forwarding the kernel forwards on. A second signal ends the drain.")
            .Section("FILES")
            .Term("/sys/fs/bpf/lb/SITE", "Programs, links and maps of the site (lb.kernel.bpffs).")
            .Term("/run/lb/SITE.lock", "Held while an lbd runs the site.")
            .Term("/var/lib/lb/SITE.db", "The journal of the site's revisions (lb.journal).")
            .Section("SEE ALSO")
            .Paragraph("pbm(1), bpftool(8)")
            .ToString();
    }

    private static string Plain(Option option) => option switch
    {
        HelpOption => "Show the options and end.",
        VersionOption => "Print the version and end.",
        _ => option.Description ?? throw new InvalidDataException($"{option.Name} of lbd has no description."),
    };

    private static string Meaning(ExitCode code) => code switch
    {
        ExitCode.Ok => "Done.",
        ExitCode.Failed => "The kernel, the host or the network refused something; standard error says what, and what to do.",
        ExitCode.Usage => "The configuration or the command line is wrong; nothing was done.",
        _ => throw new InvalidDataException($"lbd(8) does not say what exit code {code} means: add it to LbdManual."),
    };
}
