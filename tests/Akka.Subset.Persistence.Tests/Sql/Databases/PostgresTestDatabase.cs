using System.Data.Common;
using System.Text;
using Npgsql;

namespace Akka.Subset.Persistence.Tests.Sql.Databases;

/// <summary>A database of a PostgreSQL server that tests share.</summary>
public sealed class PostgresTestDatabase(PostgresServer server) : TestDatabase
{
    private string _name = string.Empty;

    public override string Provider => "PostgreSQL";

    public override string ConnectionString => server.ConnectionString(_name);

    public override string Bytes(string text) => $@"'\x{Convert.ToHexString(Encoding.UTF8.GetBytes(text))}'";

    public override string ReadOnlyConnectionString =>
        $"{ConnectionString};Options=-c default_transaction_read_only=on";

    public override async Task CreateAsync() => _name = await server.CreateDatabaseAsync();

    // The server goes with all its databases.
    public override Task DropAsync() => Task.CompletedTask;

    protected override DbConnection NewConnection() => new NpgsqlConnection(ConnectionString);
}
