using Lb.Testing;
using Xunit;

namespace Akka.Subset.Persistence.Tests.Sql;

/// <summary>A PostgreSQL server of the tests' own.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private TemporaryPostgres? _server;

    private TemporaryPostgres Server => _server ?? throw new InvalidOperationException("The server has not started");

    public string ConnectionString(string database) => Server.ConnectionString(database);

    public async Task InitializeAsync() => _server = await TemporaryPostgres.StartAsync();

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    /// <summary>Creates an empty database and returns its name.</summary>
    public Task<string> CreateDatabaseAsync() => Server.CreateDatabaseAsync();
}
