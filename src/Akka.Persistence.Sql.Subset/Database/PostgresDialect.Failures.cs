using System.Data.Common;
using Npgsql;

namespace Akka.Persistence.Sql.Database;

/// <summary>What failures of PostgreSQL mean.</summary>
internal sealed partial class PostgresDialect
{
    internal override bool IsDuplicateKey(DbException failure) =>
        failure is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    protected override string Describe(DbException failure)
    {
        var where = $"The PostgreSQL database [{_settings.Database}] at [{_settings.Host}:{_settings.Port}] ";
        return where + (failure as PostgresException)?.SqlState switch
        {
            null or ['5', '7', 'P', ..] or ['0', '8', ..] =>
                "cannot be reached or broke the connection: look after the server, nothing needs to be restarted here",
            PostgresErrorCodes.ReadOnlySqlTransaction =>
                "takes no writes: it is a standby or read-only, so let the connection string name the primary",
            PostgresErrorCodes.InsufficientPrivilege =>
                $"refuses this to user [{_settings.Username}]: grant it the right to create and use its tables",
            PostgresErrorCodes.InvalidCatalogName => "does not exist: create it",
            ['2', '8', ..] => $"refuses user [{_settings.Username}]: look at its password and at pg_hba.conf",
            PostgresErrorCodes.TooManyConnections =>
                "has no connection left: raise max_connections or lower Maximum Pool Size in the connection string",
            PostgresErrorCodes.DiskFull => "cannot grow, its disk is full: free some space",
            PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn =>
                "lacks a table or a column: put back what was dropped",
            ['X', 'X', ..] => "is damaged: look at the server's log and put a backup in its place",
            _ => "failed: look at the error that follows and at the server's log",
        };
    }
}
