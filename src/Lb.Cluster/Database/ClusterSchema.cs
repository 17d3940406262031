using System.Data.Common;

namespace Lb.Cluster.Database;

/// <summary>
/// The tables of membership and leases. Several processes may ask for them at once: they are made, and brought to the
/// version that this program knows, in one transaction under a lock.
/// </summary>
internal static class ClusterSchema
{
    private const string VersionTable = "cluster_schema_version";

    internal static async Task EnsureAsync(
        ClusterDialect dialect, DbConnection connection, CancellationToken cancellationToken)
    {
        var versions = Versions(dialect);
        if (await ReadAsync(dialect, connection, versions.Count, cancellationToken) == versions.Count)
        {
            return;
        }

        await using var transaction = await dialect.BeginAsync(connection, cancellationToken);
        if (dialect.LockSchema is { } lockSchema)
        {
            await connection.ExecuteAsync(lockSchema, cancellationToken);
        }

        // Once more: another process may have been quicker.
        var version = await ReadAsync(dialect, connection, versions.Count, cancellationToken);
        if (version == 0)
        {
            await connection.ExecuteAsync($"CREATE TABLE {VersionTable} (version INTEGER NOT NULL)", cancellationToken);
        }

        for (; version < versions.Count; version++)
        {
            foreach (var statement in versions[version])
            {
                await connection.ExecuteAsync(statement, cancellationToken);
            }

            await connection.ExecuteAsync(
                $"INSERT INTO {VersionTable} (version) VALUES ({version + 1})", cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    // 0 means that there is nothing yet.
    private static async Task<int> ReadAsync(
        ClusterDialect dialect, DbConnection connection, int known, CancellationToken cancellationToken)
    {
        if (Convert.ToInt32(await connection.ScalarAsync(dialect.CountTables(VersionTable), cancellationToken)) == 0)
        {
            return 0;
        }

        var version = Convert.ToInt32(
            await connection.ScalarAsync($"SELECT MAX(version) FROM {VersionTable}", cancellationToken));
        return version <= known ? version : throw new InvalidDataException(
            $"The {dialect.Describe()} has version {version} of the cluster's tables, this program knows version "
            + $"{known}: run the program that wrote it, or a newer one");
    }

    private static IReadOnlyList<IReadOnlyList<string>> Versions(ClusterDialect dialect) =>
    [
        [
            $"""
             CREATE TABLE cluster_lease (
                 name TEXT PRIMARY KEY,
                 owner TEXT NOT NULL,
                 holder TEXT NOT NULL,
                 term {dialect.Long} NOT NULL,
                 acquired_at {dialect.Long} NOT NULL,
                 renewed_at {dialect.Long} NOT NULL,
                 expires_at {dialect.Long} NOT NULL)
             """,
            $"""
             CREATE TABLE cluster_site (
                 site TEXT PRIMARY KEY,
                 revision {dialect.Long} NOT NULL,
                 last_incarnation {dialect.Long} NOT NULL)
             """,
            $"""
             CREATE TABLE cluster_member (
                 site TEXT NOT NULL,
                 address TEXT NOT NULL,
                 incarnation {dialect.Long} NOT NULL,
                 status TEXT NOT NULL,
                 up_number {dialect.Long} NOT NULL,
                 roles TEXT NOT NULL,
                 app_version TEXT NOT NULL,
                 joined_at {dialect.Long} NOT NULL,
                 changed_at {dialect.Long} NOT NULL,
                 PRIMARY KEY (site, address))
             """,
            $"""
             CREATE TABLE cluster_seen (
                 site TEXT NOT NULL,
                 address TEXT NOT NULL,
                 incarnation {dialect.Long} NOT NULL,
                 seen_at {dialect.Long} NOT NULL,
                 PRIMARY KEY (site, address))
             """,
        ],
    ];
}
