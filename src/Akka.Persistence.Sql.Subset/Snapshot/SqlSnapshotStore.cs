using System.Data.Common;
using Akka.Configuration;
using Akka.Persistence.Snapshot;
using Akka.Persistence.Sql.Database;

namespace Akka.Persistence.Sql.Snapshot;

/// <summary>A snapshot store in SQLite or PostgreSQL.</summary>
public class SqlSnapshotStore : SnapshotStore
{
    private const string Meant =
        """
        persistence_id = @id AND sequence_number >= @minNumber AND sequence_number <= @maxNumber
            AND created >= @minTime AND created <= @maxTime
        """;

    private readonly SqlDatabase _database;
    private readonly Serialization.Serialization _serialization;

    /// <summary>Creates the store.</summary>
    public SqlSnapshotStore(Config snapshotConfig)
    {
        ArgumentNullException.ThrowIfNull(snapshotConfig);
        _database = new SqlDatabase(
            SqlDialect.From(snapshotConfig, "akka.persistence.snapshot-store.sql"),
            snapshotConfig.GetBoolean("auto-initialize", true));
        _serialization = Context.System.Serialization;
    }

    /// <inheritdoc/>
    protected override Task<SelectedSnapshot?> LoadAsync(
        string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken) =>
        _database.RunAsync(
            async connection =>
            {
                await using var command = SqlDatabase.Command(
                    connection,
                    $"""
                     SELECT sequence_number, created, snapshot, manifest, serializer_id FROM snapshot
                     WHERE {Meant} ORDER BY sequence_number DESC LIMIT 1
                     """,
                    Parameters(persistenceId, criteria));
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                return await reader.ReadAsync(cancellationToken) ? Read(persistenceId, reader) : null;
            },
            cancellationToken);

    /// <inheritdoc/>
    protected override Task SaveAsync(
        SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken)
    {
        var serializer = _serialization.FindSerializerFor(snapshot);
        return ExecuteAsync(
            """
            INSERT INTO snapshot (persistence_id, sequence_number, created, snapshot, manifest, serializer_id)
            VALUES (@id, @number, @created, @snapshot, @manifest, @serializer)
            ON CONFLICT (persistence_id, sequence_number) DO UPDATE SET
                created = excluded.created, snapshot = excluded.snapshot, manifest = excluded.manifest,
                serializer_id = excluded.serializer_id
            """,
            [
                ("@id", metadata.PersistenceId), ("@number", metadata.SequenceNr),
                ("@created", metadata.Timestamp.Ticks), ("@snapshot", serializer.ToBinary(snapshot)),
                ("@manifest", Serialization.Serialization.ManifestFor(serializer, snapshot)),
                ("@serializer", serializer.Identifier),
            ],
            cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken) =>
        ExecuteAsync(
            "DELETE FROM snapshot WHERE persistence_id = @id AND sequence_number = @number",
            [("@id", metadata.PersistenceId), ("@number", metadata.SequenceNr)],
            cancellationToken);

    /// <inheritdoc/>
    protected override Task DeleteAsync(
        string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken) =>
        ExecuteAsync($"DELETE FROM snapshot WHERE {Meant}", Parameters(persistenceId, criteria), cancellationToken);

    private static (string Name, object Value)[] Parameters(string persistenceId, SnapshotSelectionCriteria criteria) =>
    [
        ("@id", persistenceId), ("@minNumber", criteria.MinSequenceNr), ("@maxNumber", criteria.MaxSequenceNr),
        ("@minTime", (criteria.MinTimestamp ?? DateTime.MinValue).Ticks), ("@maxTime", criteria.MaxTimeStamp.Ticks),
    ];

    private Task<int> ExecuteAsync(
        string statement, (string Name, object Value)[] parameters, CancellationToken cancellationToken) =>
        _database.RunAsync(
            async connection =>
            {
                await using var command = SqlDatabase.Command(connection, statement, parameters);
                return await command.ExecuteNonQueryAsync(cancellationToken);
            },
            cancellationToken);

    private SelectedSnapshot Read(string persistenceId, DbDataReader row)
    {
        var number = row.GetInt64(0);
        try
        {
            return new SelectedSnapshot(
                new SnapshotMetadata(persistenceId, number, new DateTime(row.GetInt64(1), DateTimeKind.Utc)),
                _serialization.Deserialize((byte[])row.GetValue(2), row.GetInt32(4), row.GetString(3)));
        }
        catch (Exception e)
        {
            throw new InvalidDataException(
                $"The row of table snapshot with persistence id [{persistenceId}] and sequence number {number} "
                + $"(manifest [{row.GetValue(3)}], serializer {row.GetValue(4)}) cannot be read: {e.Message}",
                e);
        }
    }
}
