using System.Data.Common;

namespace Akka.Persistence.Sql.Database;

/// <summary>A database whose tables are looked at, and created, at its first use.</summary>
internal sealed class SqlDatabase(SqlDialect dialect, bool autoInitialize)
{
    private readonly Lock _lock = new();
    private Task? _schema;

    internal SqlDialect Dialect => dialect;

    /// <summary>Opens a connection; the tables are there then.</summary>
    internal async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        await EnsureSchemaAsync().WaitAsync(cancellationToken);
        return await dialect.OpenAsync(cancellationToken);
    }

    /// <summary>
    /// Does work on a connection of its own, off the caller's thread: SQLite blocks. A failure of the database says
    /// what to do about it.
    /// </summary>
    internal Task<T> RunAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken cancellationToken) => Task.Run(
        async () =>
        {
            try
            {
                await using var connection = await OpenAsync(cancellationToken);
                return await work(connection);
            }
            catch (DbException e)
            {
                throw dialect.Explain(e);
            }
        },
        cancellationToken);

    internal static DbCommand Command(
        DbConnection connection, string text, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }

        return command;
    }

    // All who wait share an attempt. A failure is not remembered: whoever comes next tries again.
    private Task EnsureSchemaAsync()
    {
        lock (_lock)
        {
            return _schema is { IsFaulted: false }
                ? _schema
                : _schema = Task.Run(() => SqlSchema.EnsureAsync(dialect, autoInitialize));
        }
    }
}
