using System.Data.Common;
using Lb.Cluster.Database;

namespace Lb.Cluster.Leases;

/// <summary>
/// Leases as rows of a database, each operation one statement. A term is the highest of: one more than the row's, one
/// more than what the holder has seen, and the milliseconds of the database's clock. So a database that was put back
/// from a backup does not give out terms once more, although its rows have forgotten them; and should its clock have
/// gone back too, no holder gets a term that is not higher than all it has seen.
/// </summary>
public sealed class SqlLeaseTable(ClusterDatabase database, TimeProvider time) : ILeaseTable
{
    // Terms are to be short: they count from 2025.
    private const long Epoch = 1735689600000;

    private readonly string _acquire = Acquire(database.Dialect);
    private readonly string _renew =
        $"""
         UPDATE cluster_lease SET renewed_at = {database.Dialect.Now},
             expires_at = {database.Dialect.Greatest}(expires_at, {database.Dialect.Now} + @ttl)
         WHERE name = @name AND holder = @holder AND term = @term AND expires_at > {database.Dialect.Now}
         """;

    // The row stays: it is the memory of the term.
    private readonly string _release =
        $"""
         UPDATE cluster_lease SET expires_at = 0
         WHERE name = @name AND holder = @holder AND term = @term AND expires_at > {database.Dialect.Now}
         """;

    private readonly string _read =
        $"SELECT name, owner, term, acquired_at, expires_at - {database.Dialect.Now} FROM cluster_lease";

    /// <inheritdoc/>
    public Task<long?> TryAcquireAsync(LeaseHolder holder, long floor, TimeSpan timeToLive, TimeSpan timeout) =>
        database.RunAsync<long?>(
            async (connection, end) =>
            {
                await using var acquire = connection.Command(
                    _acquire, ("@name", holder.Name), ("@owner", holder.Owner), ("@holder", holder.Id),
                    ("@floor", floor), ("@ttl", (long)timeToLive.TotalMilliseconds));
                return await acquire.ExecuteScalarAsync(end) is long term ? term : null;
            },
            timeout, time);

    /// <inheritdoc/>
    public Task<bool> RenewAsync(LeaseHolder holder, long term, TimeSpan timeToLive, TimeSpan timeout) =>
        ChangeAsync(
            _renew, timeout, ("@name", holder.Name), ("@holder", holder.Id), ("@term", term),
            ("@ttl", (long)timeToLive.TotalMilliseconds));

    /// <inheritdoc/>
    public Task<bool> ReleaseAsync(LeaseHolder holder, long term, TimeSpan timeout) =>
        ChangeAsync(_release, timeout, ("@name", holder.Name), ("@holder", holder.Id), ("@term", term));

    /// <inheritdoc/>
    public async Task<LeaseRecord?> ReadAsync(string name, TimeSpan timeout) =>
        (await QueryAsync($"{_read} WHERE name = @name", timeout, ("@name", name))).SingleOrDefault();

    /// <summary>Returns what is known of all leases, by name.</summary>
    public async Task<IReadOnlyList<LeaseRecord>> ReadAllAsync(TimeSpan timeout) =>
        await QueryAsync($"{_read} ORDER BY name", timeout);

    // The clock is read once, before the row's lock is waited for: what is written can only end too early, and
    // a lease is only found to have ended when it had then.
    private static string Acquire(ClusterDialect dialect) =>
        $"""
         INSERT INTO cluster_lease AS held (name, owner, holder, term, acquired_at, renewed_at, expires_at)
         SELECT @name, @owner, @holder, {dialect.Greatest}(@floor + 1, clock.now - {Epoch}), clock.now, clock.now,
             clock.now + @ttl
         FROM (SELECT {dialect.Now} AS now) AS clock WHERE TRUE
         ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, holder = excluded.holder,
             term = {dialect.Greatest}(held.term + 1, excluded.term), acquired_at = excluded.acquired_at,
             renewed_at = excluded.renewed_at, expires_at = excluded.expires_at
         WHERE held.expires_at <= excluded.acquired_at OR held.holder = excluded.holder
         RETURNING term
         """;

    private Task<bool> ChangeAsync(string text, TimeSpan timeout, params (string Name, object Value)[] parameters) =>
        database.RunAsync(
            async (connection, end) =>
            {
                await using var command = connection.Command(text, parameters);
                return await command.ExecuteNonQueryAsync(end) > 0;
            },
            timeout, time);

    private Task<List<LeaseRecord>> QueryAsync(
        string text, TimeSpan timeout, params (string Name, object Value)[] parameters) =>
        database.RunAsync(
            async (connection, end) =>
            {
                await using var command = connection.Command(text, parameters);
                await using var reader = await command.ExecuteReaderAsync(end);
                var found = new List<LeaseRecord>();
                while (await reader.ReadAsync(end))
                {
                    found.Add(Read(reader));
                }

                return found;
            },
            timeout, time);

    private static LeaseRecord Read(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetInt64(2), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
        TimeSpan.FromMilliseconds(row.GetInt64(4)));
}
