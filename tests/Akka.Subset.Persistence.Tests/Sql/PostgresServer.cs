using System.Diagnostics;
using Npgsql;
using Xunit;

namespace Akka.Subset.Persistence.Tests.Sql;

/// <summary>A PostgreSQL server of the tests' own, on a Unix socket in a directory of its own.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lb-postgres-");

    private static string Binaries => Directory.Exists("/usr/lib/postgresql")
        ? Path.Combine(Directory.GetDirectories("/usr/lib/postgresql").Order().Last(), "bin")
        : throw new InvalidOperationException("These tests need PostgreSQL: install the package postgresql");

    private string Data => Path.Combine(_directory.FullName, "data");

    public string ConnectionString(string database) =>
        $"Host={_directory.FullName};Username=lb;Database={database};Maximum Pool Size=40";

    public async Task InitializeAsync()
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

    public async Task DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await ServerAsync("pg_ctl", "-D", Data, "-w", "-m", "immediate", "stop");
        _directory.Delete(recursive: true);
    }

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
        using var process = Process.Start(new ProcessStartInfo("/bin/sh")
        {
            ArgumentList = { "-c", "exec \"$@\" >/dev/null 2>&1", "sh", program },
            WorkingDirectory = "/",
        }.With(arguments))!;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }
}

internal static class ProcessStartInfoExtensions
{
    internal static ProcessStartInfo With(this ProcessStartInfo info, IEnumerable<string> arguments)
    {
        foreach (var argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        return info;
    }
}
