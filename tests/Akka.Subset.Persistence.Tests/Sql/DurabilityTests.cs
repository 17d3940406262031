using Akka.Configuration;
using Akka.Persistence.Sql.Database;
using Akka.Subset.Persistence.Tests.Sql.Databases;
using Npgsql;
using Xunit;

namespace Akka.Subset.Persistence.Tests.Sql;

/// <summary>A commit is on the disk when it returns, whatever the defaults of the database are.</summary>
public abstract class DurabilityTests(TestDatabase database) : SqlTest(database)
{
    protected async Task<object?> AskConnectionAsync(string question, string more = "")
    {
        var dialect = SqlDialect.From(
            ConfigurationFactory.ParseString(
                $"connection-string = \"{Database.ConnectionString}{more}\", provider-name = {Database.Provider}"),
            "test");
        await using var connection = await dialect.OpenAsync(CancellationToken.None);
        await using var command = SqlDatabase.Command(connection, question);
        return await command.ExecuteScalarAsync();
    }
}

public sealed class SqliteDurabilityTests() : DurabilityTests(new SqliteTestDatabase())
{
    [Fact]
    public async Task The_log_is_flushed_at_each_commit()
    {
        const long Full = 2;

        Assert.Equal(Full, await AskConnectionAsync("PRAGMA synchronous"));
        Assert.Equal("wal", await AskConnectionAsync("PRAGMA journal_mode"));
    }
}

[Collection(PostgresCollection.Name)]
public sealed class PostgresDurabilityTests(PostgresServer server)
    : DurabilityTests(new PostgresTestDatabase(server))
{
    [Theory]
    [InlineData("off", "on")]
    [InlineData("local", "on")]
    [InlineData("remote_apply", "remote_apply")]
    public async Task A_commit_waits_for_the_disk_whatever_the_default_is(string given, string used)
    {
        var settings = new NpgsqlConnectionStringBuilder { Options = $"-c synchronous_commit={given}" };

        Assert.Equal(used, await AskConnectionAsync("SHOW synchronous_commit", $";{settings}"));
    }
}
