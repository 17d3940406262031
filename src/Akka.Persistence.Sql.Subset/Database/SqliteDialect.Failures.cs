using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Akka.Persistence.Sql.Database;

/// <summary>What failures of SQLite mean.</summary>
internal sealed partial class SqliteDialect
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NoDatabase = 26;
    private const int PrimaryKeyTaken = 1555;
    private const int UniqueKeyTaken = 2067;

    internal override bool IsDuplicateKey(DbException failure) =>
        failure is SqliteException { SqliteExtendedErrorCode: PrimaryKeyTaken or UniqueKeyTaken };

    protected override string Describe(DbException failure)
    {
        var code = (failure as SqliteException)?.SqliteErrorCode;
        return $"The SQLite database [{_settings.DataSource}] " + code switch
        {
            Busy or Locked =>
                $"was locked by another process for {_settings.DefaultTimeout} s: end what holds it (another node, a "
                + "backup, an open shell) or raise Default Timeout in its connection string",
            ReadOnly =>
                "cannot be written: allow this user to write the file and its directory, or mount it read-write",
            CannotOpen =>
                "cannot be opened: its directory must exist, and this user must be allowed to write there",
            Corrupt or NoDatabase =>
                "is damaged or no SQLite database: put a backup in its place",
            Full => "cannot grow, its disk is full: free some space",
            _ => "failed: look at its disk and at the error that follows",
        };
    }
}
