using System.CommandLine;
using System.CommandLine.Invocation;

namespace Lb.Host.CommandLine;

/// <summary>What the command line asks for.</summary>
internal enum LbdTask
{
    Run,
    Check,
    Cleanup,
}

/// <summary>The command line of <c>lbd</c>.</summary>
internal sealed class LbdCommand
{
    private readonly Option<string> _config = new("--config", "-c")
    {
        Description = "The site file; what it does not set is taken from the defaults.",
        HelpName = "FILE",
        Required = true,
    };

    private readonly Option<bool> _check = new("--check")
    {
        Description = "Check the site file and end: 0 when it is right, 2 when it is not.",
    };

    private readonly Option<bool> _cleanup = new("--cleanup")
    {
        Description = "Remove everything that the site has in the kernel, and end. No lbd may run for it.",
    };

    private readonly RootCommand _root;

    public LbdCommand()
    {
        _root = new RootCommand("Balances the services of a site over their backends, in the kernel.")
        {
            _config, _check, _cleanup,
        };
        _root.Validators.Add(result =>
        {
            if (result.GetValue(_check) && result.GetValue(_cleanup))
            {
                result.AddError("--check and --cleanup exclude each other.");
            }
        });
        _root.SetAction(_ => 0);
    }

    /// <summary>Parses the command line and runs what it asks for; help, version and errors are printed here.</summary>
    public async Task<ExitCode> InvokeAsync(
        IReadOnlyList<string> arguments, TextWriter output, TextWriter error, Func<LbdTask, string, Task<ExitCode>> run)
    {
        ParseResult parsed = _root.Parse(arguments);
        if (parsed.Action is ParseErrorAction)
        {
            foreach (string message in parsed.Errors.Select(e => e.Message))
            {
                await error.WriteLineAsync($"lbd: {message}");
            }

            await error.WriteLineAsync("lbd: `lbd --help` lists the options.");
            return ExitCode.Usage;
        }

        bool isRun = ReferenceEquals(parsed.Action, _root.Action);
        if (!isRun)
        {
            return (ExitCode)await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        }

        LbdTask task = parsed.GetValue(_check) ? LbdTask.Check
            : parsed.GetValue(_cleanup) ? LbdTask.Cleanup
            : LbdTask.Run;
        return await run(task, parsed.GetRequiredValue(_config));
    }
}
