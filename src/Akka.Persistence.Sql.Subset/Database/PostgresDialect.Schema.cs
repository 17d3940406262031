namespace Akka.Persistence.Sql.Database;

/// <summary>The tables in PostgreSQL.</summary>
internal sealed partial class PostgresDialect
{
    internal override IReadOnlyList<IReadOnlyList<string>> SchemaVersions { get; } =
    [
        [
            """
            CREATE TABLE journal (
                ordering BIGSERIAL PRIMARY KEY,
                created BIGINT NOT NULL,
                deleted BOOLEAN NOT NULL DEFAULT FALSE,
                persistence_id TEXT NOT NULL,
                sequence_number BIGINT NOT NULL,
                message BYTEA NOT NULL,
                manifest TEXT NOT NULL,
                identifier INTEGER NOT NULL,
                writer_uuid TEXT NOT NULL,
                UNIQUE (persistence_id, sequence_number))
            """,
            """
            CREATE TABLE tags (
                ordering_id BIGINT NOT NULL,
                tag TEXT NOT NULL,
                sequence_nr BIGINT NOT NULL,
                persistence_id TEXT NOT NULL,
                PRIMARY KEY (ordering_id, tag))
            """,
            """
            CREATE TABLE snapshot (
                persistence_id TEXT NOT NULL,
                sequence_number BIGINT NOT NULL,
                created BIGINT NOT NULL,
                snapshot BYTEA NOT NULL,
                manifest TEXT NOT NULL,
                serializer_id INTEGER NOT NULL,
                PRIMARY KEY (persistence_id, sequence_number))
            """,
        ],
    ];
}
