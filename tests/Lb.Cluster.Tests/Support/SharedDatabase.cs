using System.Data.Common;
using System.Diagnostics;
using Lb.Cluster.Database;
using Lb.Testing;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Lb.Cluster.Tests.Support;

/// <summary>An empty database of a test's own that nodes can share.</summary>
public sealed class SharedDatabase : IAsyncDisposable
{
    private readonly TemporaryPostgres? _server;
    private readonly bool _ownsServer;
    private readonly DirectoryInfo? _directory;
    private string[] _halted = [];

    private SharedDatabase(
        TemporaryPostgres? server, bool ownsServer, DirectoryInfo? directory, string connectionString)
    {
        _server = server;
        _ownsServer = ownsServer;
        _directory = directory;
        ConnectionString = connectionString;
    }

    public static TheoryData<string> Providers => ["SQLite", "PostgreSQL"];

    public string ConnectionString { get; }

    public string Provider => _server is null ? "SQLite" : "PostgreSQL";

    /// <summary>Creates one; with a server of its own, which can be halted, when it is PostgreSQL and no server is given.</summary>
    public static async Task<SharedDatabase> OfAsync(string provider, PostgresServer? shared = null)
    {
        if (provider == "SQLite")
        {
            var directory = Directory.CreateTempSubdirectory("lb-cluster-");
            return new SharedDatabase(null, false, directory, $"Data Source={directory.FullName}/cluster.db");
        }

        var server = shared?.Server ?? await TemporaryPostgres.StartAsync();
        return new SharedDatabase(
            server, shared is null, null, server.ConnectionString(await server.CreateDatabaseAsync()));
    }

    /// <summary>Opens it as a node does.</summary>
    internal ClusterDatabase Open() => ClusterDatabase.Of(Provider, ConnectionString);

    public async Task<int> ExecuteAsync(string statement)
    {
        await using DbConnection connection =
            _server is null ? new SqliteConnection(ConnectionString) : new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.Command(statement);
        return await command.ExecuteNonQueryAsync();
    }

    public async Task<object?> ScalarAsync(string query)
    {
        await using DbConnection connection =
            _server is null ? new SqliteConnection(ConnectionString) : new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.Command(query);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Halts all processes of the server: connections stay and nothing is answered.</summary>
    public async Task HaltAsync()
    {
        var data = (string)(await ScalarAsync("SHOW data_directory"))!;
        var main = (await File.ReadAllLinesAsync(Path.Combine(data, "postmaster.pid")))[0];
        var children = await File.ReadAllTextAsync($"/proc/{main}/task/{main}/children");
        _halted = [main, .. children.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        await SignalAsync("-STOP");
    }

    public async Task ResumeAsync()
    {
        await SignalAsync("-CONT");
        _halted = [];
    }

    public async ValueTask DisposeAsync()
    {
        if (_halted.Length > 0)
        {
            await ResumeAsync();
        }

        if (_server is not null && _ownsServer)
        {
            await _server.DisposeAsync();
        }

        SqliteConnection.ClearAllPools();
        _directory?.Delete(recursive: true);
    }

    private async Task SignalAsync(string signal)
    {
        // A process may have ended meanwhile.
        using var kill = Process.Start("kill", [signal, .. _halted]);
        await kill.WaitForExitAsync();
    }
}
