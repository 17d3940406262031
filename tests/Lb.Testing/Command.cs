using System.Diagnostics;

namespace Lb.Testing;

/// <summary>Runs commands of the system for a test.</summary>
public static class Command
{
    /// <summary>For one that hangs. An install compiles ahead, which has taken half a minute beside other work.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    /// <summary>Runs a command to its end and returns what it printed; throws when it fails.</summary>
    public static string Run(string file, params IReadOnlyList<string> arguments)
    {
        (int exitCode, string output, string error) = TryRun(file, arguments);
        return exitCode == 0
            ? output
            : throw new InvalidOperationException(
                $"{file} {string.Join(' ', arguments)} exited with {exitCode}: {error}{output}");
    }

    /// <summary>Runs a command to its end, however it ends.</summary>
    public static (int ExitCode, string Output, string Error) TryRun(
        string file, params IReadOnlyList<string> arguments)
    {
        using Process process = Start(file, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Deadline))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException(
                $"{file} {string.Join(' ', arguments)} ran longer than {Deadline.TotalSeconds} s.");
        }

        return (process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    /// <summary>Starts a command with its output redirected; the caller ends and disposes it.</summary>
    public static Process Start(string file, params IReadOnlyList<string> arguments)
    {
        var info = new ProcessStartInfo(file)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (string argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        return Process.Start(info)
            ?? throw new InvalidOperationException($"{file} could not be started.");
    }
}
