namespace Akka.Persistence.Sql.Database;

/// <summary>A row of the journal. One that is deleted has no event; it keeps its number taken.</summary>
internal sealed record JournalRow(
    string PersistenceId, long SequenceNumber, long Created, byte[] Message, string Manifest, int Identifier,
    string WriterUuid, bool Deleted = false);
