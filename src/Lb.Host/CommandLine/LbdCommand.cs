using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace Lb.Host.CommandLine;

/// <summary>What the command line asks for.</summary>
internal enum LbdTask
{
    Run,
    Check,
    Cleanup,
    Doctor,
}

/// <summary>What the command line asks for, in full.</summary>
/// <param name="Task">What is to be done.</param>
/// <param name="File">The site file.</param>
/// <param name="Doctor">For <see cref="LbdTask.Doctor"/>.</param>
internal sealed record LbdRequest(LbdTask Task, string File, DoctorOptions Doctor);

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
        Description = "Check the site file, say what a start would do with pinned maps, and end: 0 when all is right, 2 when the file is not, "
            + "1 when the start would be refused.",
    };

    private readonly Option<bool> _cleanup = new("--cleanup")
    {
        Description = "Remove everything that the site has in the kernel, and end. No lbd may run for it.",
    };

    private readonly Option<bool> _doctor = new("--doctor")
    {
        Description = "Examine the host for the site and end: 0 when it is fit, 1 when it is not. An lbd may run.",
    };

    private readonly Option<bool> _fix = new("--fix")
    {
        Description = "With --doctor: mend what can be mended without harm, then examine the host again.",
    };

    private readonly Option<DoctorOutput> _output = new("--output", "-o")
    {
        Description = "With --doctor: text for people, json for machines.",
        HelpName = "text|json",
        DefaultValueFactory = _ => DoctorOutput.Text,
    };

    private readonly RootCommand _root;

    public LbdCommand()
    {
        _root = new RootCommand("Balances the services of a site over their backends, in the kernel.")
        {
            _config, _check, _cleanup, _doctor, _fix, _output,
        };
        _root.Validators.Add(Validate);
        _root.SetAction(_ => 0);
    }

    /// <summary>The command with its options.</summary>
    public Command Definition => _root;

    /// <summary>Parses the command line and runs what it asks for; help, version and errors are printed here.</summary>
    public async Task<ExitCode> InvokeAsync(
        IReadOnlyList<string> arguments, TextWriter output, TextWriter error, Func<LbdRequest, Task<ExitCode>> run)
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
            : parsed.GetValue(_doctor) ? LbdTask.Doctor
            : LbdTask.Run;
        return await run(new LbdRequest(
            task,
            parsed.GetRequiredValue(_config),
            new DoctorOptions(parsed.GetValue(_fix), parsed.GetValue(_output))));
    }

    private void Validate(CommandResult result)
    {
        string[] tasks =
            [.. ((Option<bool>[])[_check, _cleanup, _doctor]).Where(result.GetValue).Select(option => option.Name)];
        if (tasks.Length > 1)
        {
            result.AddError($"{string.Join(" and ", tasks)} exclude each other.");
        }

        bool outputGiven = result.GetResult(_output) is { Implicit: false };
        if (!result.GetValue(_doctor) && (result.GetValue(_fix) || outputGiven))
        {
            result.AddError($"{(outputGiven ? _output.Name : _fix.Name)} goes with --doctor only.");
        }
    }
}
