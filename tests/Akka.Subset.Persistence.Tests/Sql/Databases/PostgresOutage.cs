using System.Diagnostics;
using System.Globalization;

namespace Akka.Subset.Persistence.Tests.Sql.Databases;

/// <summary>Kills or halts a server of the tests' own, as a failing host does, and has it go on.</summary>
internal sealed class PostgresOutage
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly string _data;
    private readonly string _programs;

    private PostgresOutage(string data, string programs)
    {
        _data = data;
        _programs = programs;
    }

    internal static async Task<PostgresOutage> OfAsync(TestDatabase database)
    {
        var data = (string)(await database.QueryAsync("SHOW data_directory"))[0][0];
        var options = await File.ReadAllTextAsync(Path.Combine(data, "postmaster.opts"));
        return new PostgresOutage(data, Path.GetDirectoryName(options.Split(' ')[0])!);
    }

    /// <summary>Sends SIGKILL to all processes of the server.</summary>
    internal async Task KillServerAsync()
    {
        foreach (var id in await ProcessesAsync())
        {
            await KillAsync(int.Parse(id, CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Starts the server as it was started before; it repairs its data first.</summary>
    internal async Task StartServerAsync()
    {
        string[] start =
        [
            Path.Combine(_programs, "pg_ctl"), "-D", _data, "-w", "-t", "60", "-l", $"{_data}/../log", "restart",
        ];
        await RunAsync(Environment.IsPrivilegedProcess ? ["runuser", "-u", "postgres", "--", .. start] : start);
    }

    /// <summary>Halts all processes of the server.</summary>
    internal async Task HangServerAsync() => await RunAsync(["kill", "-STOP", .. await ProcessesAsync()]);

    /// <summary>Lets all processes of the server go on.</summary>
    internal async Task WakeServerAsync() => await RunAsync(["kill", "-CONT", .. await ProcessesAsync()]);

    private async Task<string[]> ProcessesAsync()
    {
        var main = (await File.ReadAllLinesAsync(Path.Combine(_data, "postmaster.pid")))[0];
        var children = await File.ReadAllTextAsync($"/proc/{main}/task/{main}/children");
        return [main, .. children.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
    }

    private static async Task KillAsync(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
            await process.WaitForExitAsync().WaitAsync(Deadline);
        }
        catch (ArgumentException)
        {
            // It ended with its parent.
        }
    }

    // The server inherits the output: it is not read, or its end would be waited for.
    private static async Task RunAsync(string[] command)
    {
        using var process = Process.Start("/bin/sh", ["-c", "cd / && exec \"$@\" >/dev/null 2>&1", "sh", .. command]);
        await process.WaitForExitAsync().WaitAsync(Deadline);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"[{string.Join(' ', command)}] ended with {process.ExitCode}");
        }
    }
}
