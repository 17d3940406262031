using System.Diagnostics;
using System.Text;

namespace Lb.Pbm.Tests.Processes;

/// <summary>pbm as it was built, run as a process.</summary>
internal static class PbmProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static string Executable { get; } = Path.Combine(AppContext.BaseDirectory, "pbm");

    /// <summary>Starts a process that knows nothing of the settings of who runs the tests.</summary>
    public static Process Start(
        string file, IEnumerable<string> arguments, params IEnumerable<(string Name, string Value)> environment)
    {
        var info = new ProcessStartInfo(file, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (string name in (string[])["PBM_HOST", "PBM_TOKEN", "PBM_TOKEN_FILE", "PBM_CA", "NO_COLOR", "XDG_STATE_HOME", "SUDO_USER"])
        {
            info.Environment.Remove(name);
        }

        foreach ((string name, string value) in environment)
        {
            info.Environment[name] = value;
        }

        return Process.Start(info)!;
    }

    /// <summary>Runs pbm to its end.</summary>
    public static Task<(int ExitCode, string Output, string Error)> RunAsync(params IEnumerable<string> arguments) =>
        FeedAsync("", arguments);

    /// <summary>Runs pbm to its end with this on its standard input.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> FeedAsync(
        string input, IEnumerable<string> arguments, params IEnumerable<(string Name, string Value)> environment)
    {
        using Process process = Start(Executable, arguments, environment);
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it had read all.
        }

        return await EndAsync(process);
    }

    /// <summary>Waits for the end of a process.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> EndAsync(Process process)
    {
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            Task<string> error = process.StandardError.ReadToEndAsync(deadline.Token);
            string output = await process.StandardOutput.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>Sends the signal of Ctrl-C.</summary>
    public static void Interrupt(Process process)
    {
        using Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }
}
