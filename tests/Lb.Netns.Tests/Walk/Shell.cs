using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Lb.Testing;

namespace Lb.Netns.Tests.Walk;

/// <summary>A bash on a terminal that runs one command after the other and keeps its state, as one that a person types into.</summary>
internal sealed class Shell : IDisposable
{
    private const string Columns = "200";

    /// <summary>What a command of the page may take; make install builds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly Process _process;
    private readonly StreamWriter _commands;
    private readonly BlockingCollection<string?> _lines = [];
    private readonly string _end = $"end-of-step-{Guid.NewGuid():N}";
    private readonly string _step;

    private Shell(Process process, StreamWriter commands, string step)
    {
        (_process, _commands, _step) = (process, commands, step);
        _process.OutputDataReceived += (_, line) => _lines.Add(line.Data);
        _process.ErrorDataReceived += (_, line) => _lines.Add(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Starts one.</summary>
    /// <param name="folder">For its files.</param>
    /// <param name="name">Of them.</param>
    /// <param name="environment">Variables; null takes one away.</param>
    /// <param name="through">A command that becomes the shell.</param>
    public static Shell Start(
        string folder, string name, IReadOnlyDictionary<string, string?> environment, params string[] through)
    {
        // Commands come through a pipe of their own, so that bash shows no prompt and nothing reads them but bash.
        string pipe = Path.Combine(folder, $"{name}.commands");
        Command.Run("mkfifo", pipe);
        string bash = $"stty -echo -onlcr cols {Columns}; exec bash --noprofile --norc <'{pipe}'";
        ProcessStartInfo info = new(through[0], [.. through[1..], "script", "-qefc", bash, "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach ((string variable, string? value) in environment)
        {
            info.Environment[variable] = value;
        }

        Process process = Process.Start(info)!;
        try
        {
            StreamWriter commands = new(File.Open(pipe, FileMode.Open, FileAccess.Write)) { AutoFlush = true };
            return new Shell(process, commands, Path.Combine(folder, $"{name}.step"));
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Runs a command and waits for its end.</summary>
    /// <returns>Its exit code and what was printed meanwhile, standard error among it.</returns>
    public (int ExitCode, IReadOnlyList<string> Printed) Run(string command)
    {
        File.WriteAllText(_step, command + "\n");
        _commands.WriteLine($". '{_step}' </dev/null; echo {_end} $?");
        List<string> printed = [];
        while (true)
        {
            if (!_lines.TryTake(out string? line, Patience))
            {
                throw new TimeoutException($"Not within {Patience}: {command}\n{string.Join('\n', printed)}");
            }

            if (line is null)
            {
                throw new InvalidOperationException($"The shell ended in: {command}\n{string.Join('\n', printed)}");
            }

            int end = line.IndexOf(_end, StringComparison.Ordinal);
            if (end < 0)
            {
                printed.Add(line.TrimEnd('\r'));
                continue;
            }

            if (end > 0)
            {
                printed.Add(line[..end]); // its last line had no end
            }

            return (int.Parse(line[(end + _end.Length)..], CultureInfo.InvariantCulture), printed);
        }
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _commands.Dispose();
        _process.Dispose();
        _lines.Dispose();
    }
}
