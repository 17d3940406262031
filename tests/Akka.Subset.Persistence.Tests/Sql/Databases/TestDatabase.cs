using System.Data.Common;

namespace Akka.Subset.Persistence.Tests.Sql.Databases;

/// <summary>An empty database of a test's own.</summary>
public abstract class TestDatabase
{
    /// <summary>The name of its provider in the configuration.</summary>
    public abstract string Provider { get; }

    public abstract string ConnectionString { get; }

    /// <summary>Returns a literal for the bytes of a text.</summary>
    public abstract string Bytes(string text);

    /// <summary>For programs that may only read.</summary>
    public abstract string ReadOnlyConnectionString { get; }

    public abstract Task CreateAsync();

    public abstract Task DropAsync();

    /// <summary>Runs a statement that must change rows.</summary>
    public async Task ChangeAsync(string statement)
    {
        if (await ExecuteAsync(statement) == 0)
        {
            throw new InvalidOperationException($"No row was changed by: {statement}");
        }
    }

    /// <summary>Runs a statement and returns how many rows it changed.</summary>
    public async Task<int> ExecuteAsync(string statement)
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>Returns the rows of a query.</summary>
    public async Task<List<object[]>> QueryAsync(string query)
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = query;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<object[]>();
        while (await reader.ReadAsync())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>Returns the sequence numbers stored for a persistence id.</summary>
    public async Task<long[]> NumbersAsync(string id)
    {
        var rows = await QueryAsync($"SELECT sequence_number FROM journal WHERE persistence_id = '{id}' ORDER BY 1");
        return [.. rows.Select(row => (long)row[0])];
    }

    protected abstract DbConnection NewConnection();

    private async Task<DbConnection> OpenAsync()
    {
        var connection = NewConnection();
        await connection.OpenAsync();
        return connection;
    }
}
