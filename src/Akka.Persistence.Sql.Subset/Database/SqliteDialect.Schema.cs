namespace Akka.Persistence.Sql.Database;

/// <summary>The tables in SQLite.</summary>
internal sealed partial class SqliteDialect
{
    internal override IReadOnlyList<IReadOnlyList<string>> SchemaVersions { get; } =
    [
        [
            """
            CREATE TABLE journal (
                ordering INTEGER PRIMARY KEY AUTOINCREMENT,
                created INTEGER NOT NULL,
                deleted INTEGER NOT NULL DEFAULT 0,
                persistence_id TEXT NOT NULL,
                sequence_number INTEGER NOT NULL,
                message BLOB NOT NULL,
                manifest TEXT NOT NULL,
                identifier INTEGER NOT NULL,
                writer_uuid TEXT NOT NULL,
                UNIQUE (persistence_id, sequence_number))
            """,
            """
            CREATE TABLE tags (
                ordering_id INTEGER NOT NULL,
                tag TEXT NOT NULL,
                sequence_nr INTEGER NOT NULL,
                persistence_id TEXT NOT NULL,
                PRIMARY KEY (ordering_id, tag))
            """,
            """
            CREATE TABLE snapshot (
                persistence_id TEXT NOT NULL,
                sequence_number INTEGER NOT NULL,
                created INTEGER NOT NULL,
                snapshot BLOB NOT NULL,
                manifest TEXT NOT NULL,
                serializer_id INTEGER NOT NULL,
                PRIMARY KEY (persistence_id, sequence_number))
            """,
        ],
    ];
}
