using System.Data.Common;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Akka.Subset.Persistence.Tests.Sql.Databases;

/// <summary>An SQLite file in a directory of its own.</summary>
public sealed class SqliteTestDatabase : TestDatabase
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lb-sqlite-");

    public override string Provider => "SQLite.MS";

    public override string ConnectionString => $"Data Source={File}";

    public string File => Path.Combine(_directory.FullName, "lb.db");

    public override string Bytes(string text) => $"x'{Convert.ToHexString(Encoding.UTF8.GetBytes(text))}'";

    public override string ReadOnlyConnectionString => $"{ConnectionString};Mode=ReadOnly";

    public override Task CreateAsync() => Task.CompletedTask;

    public override Task DropAsync()
    {
        SqliteConnection.ClearAllPools();
        _directory.Delete(recursive: true);
        return Task.CompletedTask;
    }

    protected override DbConnection NewConnection() => new SqliteConnection(ConnectionString);
}
