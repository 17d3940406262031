using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace Akka.Persistence.Sql.Database;

/// <summary>A database whose tables are created at its first use.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore has no wait handle to dispose of.")]
internal sealed class SqlDatabase(SqlDialect dialect, bool autoInitialize)
{
    private const long SchemaVersion = 1;

    private readonly SemaphoreSlim _initializing = new(1);
    private volatile bool _initialized;

    internal SqlDialect Dialect => dialect;

    /// <summary>Opens a connection; the tables are there then.</summary>
    internal async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        if (autoInitialize && !_initialized)
        {
            await InitializeAsync(cancellationToken);
        }

        return await dialect.OpenAsync(cancellationToken);
    }

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

    // A failure is not remembered: the next use tries again.
    private async Task InitializeAsync(CancellationToken cancellationToken)
    {
        await _initializing.WaitAsync(cancellationToken);
        try
        {
            if (_initialized)
            {
                return;
            }

            await using var connection = await dialect.OpenAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            if (dialect.LockSchema is { } lockSchema)
            {
                await ExecuteAsync(lockSchema);
            }

            foreach (var statement in dialect.CreateTables)
            {
                await ExecuteAsync(statement);
            }

            var version = await ExecuteAsync("SELECT MAX(version) FROM schema_version");
            if (version is null or DBNull)
            {
                await ExecuteAsync($"INSERT INTO schema_version (version) VALUES ({SchemaVersion})");
            }
            else if (Convert.ToInt64(version) != SchemaVersion)
            {
                throw new InvalidDataException(
                    $"The database has schema version {version}, this program knows version {SchemaVersion}: "
                    + "run the program that wrote it, or a newer one");
            }

            await transaction.CommitAsync(cancellationToken);
            _initialized = true;

            async Task<object?> ExecuteAsync(string text)
            {
                await using var command = Command(connection, text);
                command.Transaction = transaction;
                return await command.ExecuteScalarAsync(cancellationToken);
            }
        }
        finally
        {
            _initializing.Release();
        }
    }
}
