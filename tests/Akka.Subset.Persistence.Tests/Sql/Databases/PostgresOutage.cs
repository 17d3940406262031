using System.Diagnostics;
using System.Globalization;

namespace Akka.Subset.Persistence.Tests.Sql.Databases;

/// <summary>Kills a server of the tests' own, as a failing host does, and starts it again.</summary>
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
        var main = int.Parse(
            (await File.ReadAllLinesAsync(Path.Combine(_data, "postmaster.pid")))[0], CultureInfo.InvariantCulture);
        var children = await File.ReadAllTextAsync($"/proc/{main}/task/{main}/children");
        int[] all =
        [
            main,
            .. children.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(id => int.Parse(id, CultureInfo.InvariantCulture)),
        ];
        foreach (var id in all)
        {
            await KillAsync(id);
        }
    }

    /// <summary>Starts the server as it was started before; it repairs its data first.</summary>
    internal async Task StartServerAsync()
    {
        string[] start = [Path.Combine(_programs, "pg_ctl"), "-D", _data, "-w", "-t", "60", "-l", $"{_data}/../log", "restart"];
        string[] command = Environment.IsPrivilegedProcess ? ["runuser", "-u", "postgres", "--", .. start] : start;

        // The server inherits the output: it is not read, or its end would be waited for.
        using var process = Process.Start(
            "/bin/sh", ["-c", "cd / && exec \"$@\" >/dev/null 2>&1", "sh", .. command]);
        await process.WaitForExitAsync().WaitAsync(Deadline);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"The server does not start: {await File.ReadAllTextAsync($"{_data}/../log")}");
        }
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
}
