using System.Data.Common;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Akka.Subset.Persistence.Tests.Sql;

/// <summary>The SQL plug-ins on SQLite.</summary>
public sealed class SqlitePersistenceTests : SqlPersistenceTests
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lb-sqlite-");

    protected override string Provider => "SQLite.MS";

    protected override string ConnectionString => $"Data Source={Path.Combine(_directory.FullName, "lb.db")}";

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _directory.Delete(recursive: true);
    }

    protected override DbConnection NewConnection() => new SqliteConnection(ConnectionString);

    protected override string Bytes(string text) => $"x'{Convert.ToHexString(Encoding.UTF8.GetBytes(text))}'";
}
