using System.Diagnostics;
using Npgsql;

namespace Lb.Testing;

/// <summary>A PostgreSQL server of one's own, on a Unix socket in a directory of its own; it needs no network.</summary>
public sealed class TemporaryPostgres : IAsyncDisposable
{
    private const string Versions = "/usr/lib/postgresql";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lb-postgres-");

    private TemporaryPostgres()
    {
    }

    /// <summary>Whether the server's programs are there.</summary>
    public static bool IsInstalled => Directory.Exists(Versions);

    private static string Binaries => IsInstalled
        ? Path.Combine(Directory.GetDirectories(Versions).Order().Last(), "bin")
        : throw new InvalidOperationException("PostgreSQL is missing: install the package postgresql");

    private string Data => Path.Combine(_directory.FullName, "data");

    /// <summary>Makes a cluster and starts its server.</summary>
    public static async Task<TemporaryPostgres> StartAsync()
    {
        var server = new TemporaryPostgres();
        try
        {
            await server.StartServerAsync();
            return server;
        }
        catch
        {
            server._directory.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>Where its socket is.</summary>
    public string Folder => _directory.FullName;

    /// <summary>Returns how to reach a database.</summary>
    public string ConnectionString(string database) =>
        $"Host={_directory.FullName};Username=lb;Database={database};Maximum Pool Size=40";

    /// <summary>Creates an empty database and returns its name.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"t{Guid.NewGuid():N}";
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"CREATE DATABASE {name}";
        await command.ExecuteNonQueryAsync();
        return name;
    }

    /// <summary>Ends the connections of a program to a database, by the name that it has given itself.</summary>
    public async Task EndSessionsAsync(string database, string program)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database));
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1";
        command.Parameters.Add(new NpgsqlParameter { Value = program });
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Halts every process of the server: connections stay, and nothing answers.</summary>
    public Task HaltAsync() => SignalAsync("STOP");

    /// <summary>Lets a server that was halted go on.</summary>
    public Task GoOnAsync() => SignalAsync("CONT");

    /// <summary>Ends the server as a crash would.</summary>
    public Task KillAsync() => ServerAsync("pg_ctl", "-D", Data, "-w", "-m", "immediate", "stop");

    /// <summary>Starts a server that was ended, on the data that it had.</summary>
    public Task StartAgainAsync() => ServerAsync(
        "pg_ctl", "-D", Data, "-w", "-t", "60", "-l", Path.Combine(_directory.FullName, "log"),
        "-o", $"-k {_directory.FullName} -c listen_addresses= -c max_connections=300", "start");

    /// <summary>Stops the server and removes its directory.</summary>
    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (File.Exists(PidFile))
        {
            await GoOnAsync();
            await KillAsync();
        }

        _directory.Delete(recursive: true);
    }

    private string PidFile => Path.Combine(Data, "postmaster.pid");

    private async Task SignalAsync(string signal)
    {
        string first = File.ReadLines(PidFile).First().Trim();
        string children = await File.ReadAllTextAsync($"/proc/{first}/task/{first}/children");
        await RunAsync("kill", $"-{signal}", first);
        foreach (string child in children.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                await RunAsync("kill", $"-{signal}", child);
            }
            catch (InvalidOperationException) when (!Directory.Exists($"/proc/{child}"))
            {
                // It has ended meanwhile.
            }
        }
    }

    private async Task StartServerAsync()
    {
        if (Environment.IsPrivilegedProcess)
        {
            // The server refuses to run as root.
            await RunAsync("chown", "postgres", _directory.FullName);
        }

        await ServerAsync("initdb", "-D", Data, "-U", "lb", "-A", "trust", "--no-sync");
        await StartAgainAsync();
    }

    private static Task ServerAsync(string program, params string[] arguments)
    {
        var path = Path.Combine(Binaries, program);
        return Environment.IsPrivilegedProcess
            ? RunAsync("runuser", ["-u", "postgres", "--", path, .. arguments])
            : RunAsync(path, arguments);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        // The server inherits the output: it is not read, or its end would be waited for.
        string[] shell = ["-c", "exec \"$@\" >/dev/null 2>&1", "sh", program, .. arguments];
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", shell) { WorkingDirectory = "/" })!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
        }
    }
}
