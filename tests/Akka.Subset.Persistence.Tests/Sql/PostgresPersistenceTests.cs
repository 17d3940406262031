using System.Data.Common;
using System.Text;
using Npgsql;
using Xunit;

namespace Akka.Subset.Persistence.Tests.Sql;

/// <summary>The SQL plug-ins on PostgreSQL.</summary>
public sealed class PostgresPersistenceTests(PostgresServer server)
    : SqlPersistenceTests, IClassFixture<PostgresServer>
{
    private string _database = string.Empty;

    protected override string Provider => "PostgreSQL";

    protected override string ConnectionString => server.ConnectionString(_database);

    public override async Task InitializeAsync() => _database = await server.CreateDatabaseAsync();

    protected override DbConnection NewConnection() => new NpgsqlConnection(ConnectionString);

    protected override string Bytes(string text) => $@"'\x{Convert.ToHexString(Encoding.UTF8.GetBytes(text))}'";
}
