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

    /// <summary>Stops the server and removes its directory.</summary>
    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await ServerAsync("pg_ctl", "-D", Data, "-w", "-m", "immediate", "stop");
        _directory.Delete(recursive: true);
    }

    private async Task StartServerAsync()
    {
        if (Environment.IsPrivilegedProcess)
        {
            // The server refuses to run as root.
            await RunAsync("chown", "postgres", _directory.FullName);
        }

        await ServerAsync("initdb", "-D", Data, "-U", "lb", "-A", "trust", "--no-sync");
        await ServerAsync(
            "pg_ctl", "-D", Data, "-w", "-t", "60", "-l", Path.Combine(_directory.FullName, "log"),
            "-o", $"-k {_directory.FullName} -c listen_addresses= -c max_connections=300", "start");
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
