using Lb.Testing;

namespace Lb.Cluster.Tests.Support;

/// <summary>A PostgreSQL server that tests share; each has a database of its own in it.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private TemporaryPostgres? _server;

    public TemporaryPostgres Server => _server ?? throw new InvalidOperationException("The server has not started");

    public async Task InitializeAsync() => _server = await TemporaryPostgres.StartAsync();

    public Task DisposeAsync() => _server?.DisposeAsync().AsTask() ?? Task.CompletedTask;
}

/// <summary>The tests that share a server.</summary>
[CollectionDefinition(Name)]
public sealed class DatabaseCollection : ICollectionFixture<PostgresServer>
{
    public const string Name = "databases";
}
