using System.Text.Json;
using Lb.Testing;

namespace Lb.Host.Tests.Processes;

/// <summary>lbd with its journal in a PostgreSQL server of the test's own.</summary>
public sealed class PostgresJournalTests : IAsyncLifetime
{
    private const string Web = """
        services.web { vip = 203.0.113.10, port = 80
          backends { b1 { address = 10.77.1.2, port = 8080 }, b2 { address = 10.77.1.3, port = 8080 } } }
        """;

    private readonly LbdProcess _lbd = new();
    private TemporaryPostgres? _server;
    private string _journal = "";

    public async Task InitializeAsync()
    {
        _server = await TemporaryPostgres.StartAsync();
        string database = await _server.CreateDatabaseAsync();
        _journal = $"\njournal {{ provider = postgresql, connection-string = \"{_server.ConnectionString(database)};Timeout=3\" }}";
        _lbd.Configure(Web + _journal);
        _lbd.Start();
    }

    public async Task DisposeAsync()
    {
        _lbd.Dispose();
        await EndServerAsync();
    }

    [RootFact]
    public void A_killed_node_has_its_changes_from_the_server()
    {
        Reload("\nservices.web.backends.b2.weight = 7", 2);
        _lbd.Signal("KILL");
        _lbd.WaitForEnd();

        _lbd.Start();

        Assert.Equal(2, Config().GetProperty("revision").GetInt64());
        Assert.Equal(7, Weight());
        Assert.False(File.Exists(_lbd.Database), "there is a journal in a file too");
    }

    [RootFact]
    public async Task With_the_server_away_changes_are_refused_and_a_start_goes_by_the_file()
    {
        Reload("\nservices.web.backends.b2.weight = 7", 2);
        await EndServerAsync();

        _lbd.Configure(Web + "\nservices.web.backends.b2.weight = 8" + _journal);
        _lbd.Signal("HUP");
        _lbd.WaitForLog("Reload failed");
        Assert.Equal(7, Weight());
        Assert.True(_lbd.IsAttached(), "the program is gone");

        _lbd.Signal("KILL");
        _lbd.WaitForEnd();
        _lbd.Start();
        Assert.Equal(8, Weight());
        Assert.Equal(0, Config().GetProperty("revision").GetInt64());
        Assert.NotEqual(JsonValueKind.Null, Config().GetProperty("journalProblem").ValueKind);
    }

    private void Reload(string change, int revision)
    {
        _lbd.Configure(Web + change + _journal);
        _lbd.Signal("HUP");
        _lbd.WaitForLog($"Reload done: revision {revision},");
    }

    private JsonElement Config() => _lbd.Get("/api/v1/node").GetProperty("config");

    private int Weight() => _lbd.Get("/api/v1/services/web").GetProperty("backends")[1].GetProperty("weight").GetInt32();

    private async Task EndServerAsync()
    {
        if (_server is { } server)
        {
            _server = null;
            await server.DisposeAsync();
        }
    }
}
