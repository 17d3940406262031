using System.Data.Common;

namespace Akka.Persistence.Sql.Database;

/// <summary>
/// Brings the tables to the version that this program knows. Several processes may do it at once: it is one
/// transaction under a lock. A database that has the version already is only read.
/// </summary>
internal sealed class SqlSchema
{
    private readonly SqlDialect _dialect;
    private readonly DbConnection _connection;

    private SqlSchema(SqlDialect dialect, DbConnection connection)
    {
        _dialect = dialect;
        _connection = connection;
    }

    private int Known => _dialect.SchemaVersions.Count;

    internal static async Task EnsureAsync(SqlDialect dialect, bool create)
    {
        await using var connection = await dialect.OpenAsync(CancellationToken.None);
        var schema = new SqlSchema(dialect, connection);
        var version = await schema.ReadVersionAsync();
        if (version == schema.Known)
        {
            return;
        }

        if (!create)
        {
            throw new InvalidDataException(
                $"The database has schema version {version} (0 means no tables), this program needs version "
                + $"{schema.Known} and auto-initialize is off: turn it on, once");
        }

        await schema.UpgradeAsync();
    }

    private async Task UpgradeAsync()
    {
        await using var transaction = await _connection.BeginTransactionAsync();
        if (_dialect.LockSchema is { } lockSchema)
        {
            await ExecuteAsync(lockSchema);
        }

        // Read again: another process may have been quicker.
        var version = await ReadVersionAsync();
        if (version == 0)
        {
            if (await ExistsAsync("journal"))
            {
                throw new InvalidDataException(
                    "The database has a table journal and none named schema_version, so another program made it: "
                    + "use a database of its own for this one");
            }

            await ExecuteAsync("CREATE TABLE schema_version (version INTEGER NOT NULL)");
        }

        for (; version < Known; version++)
        {
            foreach (var statement in _dialect.SchemaVersions[version])
            {
                await ExecuteAsync(statement);
            }

            await ExecuteAsync($"INSERT INTO schema_version (version) VALUES ({version + 1})");
        }

        await transaction.CommitAsync();
    }

    // 0 means that there is nothing yet.
    private async Task<int> ReadVersionAsync()
    {
        if (!await ExistsAsync("schema_version"))
        {
            return 0;
        }

        var version = Convert.ToInt32(await ExecuteAsync("SELECT MAX(version) FROM schema_version"));
        return version <= Known ? version : throw new InvalidDataException(
            $"The database has schema version {version}, this program knows version {Known}: "
            + "run the program that wrote it, or a newer one");
    }

    private async Task<bool> ExistsAsync(string table) =>
        Convert.ToInt64(await ExecuteAsync(_dialect.CountTables(table))) > 0;

    private async Task<object?> ExecuteAsync(string text)
    {
        await using var command = SqlDatabase.Command(_connection, text);
        return await command.ExecuteScalarAsync();
    }
}
