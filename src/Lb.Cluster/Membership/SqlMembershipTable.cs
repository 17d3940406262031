using System.Collections.Immutable;
using System.Data.Common;
using Lb.Cluster.Database;

namespace Lb.Cluster.Membership;

/// <summary>The members of a site as rows. A change locks the site's row, decides, and writes what differs.</summary>
public sealed class SqlMembershipTable : IMembershipTable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly ClusterDatabase _database;
    private readonly ClusterDialect _dialect;
    private readonly string _site;
    private readonly string _channel;
    private readonly TimeProvider _time;

    /// <summary>Creates the table of a site.</summary>
    public SqlMembershipTable(ClusterDatabase database, string site, TimeProvider time)
    {
        _database = database;
        _dialect = database.Dialect;
        _site = site;
        _time = time;

        // A channel's name is an identifier: letters, and short.
        _channel = "lb_cluster_" + Convert.ToHexString(
            System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(site)).AsSpan(0, 8));
    }

    /// <inheritdoc/>
    public Task<MembershipSnapshot> ReadAsync(NodeId? reader) => _database.RunAsync(
        async (connection, end) =>
        {
            if (reader is not null)
            {
                await using var seen = connection.Command(
                    $"""
                     INSERT INTO cluster_seen (site, address, incarnation, seen_at)
                     VALUES (@site, @address, @incarnation, {_dialect.Now})
                     ON CONFLICT (site, address) DO UPDATE
                         SET incarnation = excluded.incarnation, seen_at = excluded.seen_at
                     """,
                    ("@site", _site), ("@address", reader.Address), ("@incarnation", reader.Incarnation));
                await seen.ExecuteNonQueryAsync(end);
            }

            var (state, fresh, _) = await SelectAsync(connection, end);
            return new MembershipSnapshot(state, fresh);
        },
        Timeout, _time);

    /// <inheritdoc/>
    public Task<MembershipDecision> ChangeAsync(
        MembershipCommand command, long revisionFloor, long incarnationFloor) => _database.RunAsync(
        async (connection, end) =>
        {
            await using var transaction = await _dialect.BeginAsync(connection, end);
            await RunAsync(
                connection,
                "INSERT INTO cluster_site (site, revision, last_incarnation) VALUES (@site, 0, 0) ON CONFLICT DO NOTHING",
                end);
            await RunAsync(
                connection, $"SELECT revision FROM cluster_site WHERE site = @site {_dialect.ForUpdate}", end);

            var (state, fresh, now) = await SelectAsync(connection, end);
            var decision = state.Decide(
                command, new DecisionContext(now, revisionFloor, incarnationFloor, fresh));
            if (decision.Changed)
            {
                await WriteAsync(connection, state, decision.State, end);
            }

            await transaction.CommitAsync(end);
            return decision;
        },
        Timeout, _time);

    /// <inheritdoc/>
    public Task ListenAsync(Action changed, CancellationToken cancellationToken) =>
        _dialect.ListenAsync(_channel, changed, cancellationToken);

    // One statement, so that members and revision belong together.
    private async Task<(MembershipState State, ImmutableHashSet<NodeId> Fresh, long Now)> SelectAsync(
        DbConnection connection, CancellationToken end)
    {
        await using var select = connection.Command(
            $"""
             SELECT clock.now, s.revision, s.last_incarnation, m.address, m.incarnation, m.status, m.up_number, m.roles,
                 m.app_version, m.joined_at, m.changed_at, COALESCE(seen.seen_at, 0)
             FROM (SELECT {_dialect.Now} AS now) AS clock
             LEFT JOIN cluster_site s ON s.site = @site
             LEFT JOIN cluster_member m ON m.site = s.site
             LEFT JOIN cluster_seen seen ON seen.site = m.site AND seen.address = m.address
                 AND seen.incarnation = m.incarnation
             """,
            ("@site", _site));
        await using var rows = await select.ExecuteReaderAsync(end);
        var state = MembershipState.Empty;
        var members = state.Members.ToBuilder();
        var fresh = ImmutableHashSet.CreateBuilder<NodeId>();
        long now = 0;
        while (await rows.ReadAsync(end))
        {
            now = rows.GetInt64(0);
            if (!await rows.IsDBNullAsync(1, end))
            {
                state = state with { Revision = rows.GetInt64(1), LastIncarnation = rows.GetInt64(2) };
            }

            if (await rows.IsDBNullAsync(3, end))
            {
                continue;
            }

            var member = Read(rows);
            members[member.Id.Address] = member;
            if (now - Math.Max(rows.GetInt64(11), member.JoinedAt)
                < (long)MembershipSnapshot.FreshFor.TotalMilliseconds)
            {
                fresh.Add(member.Id);
            }
        }

        return (state with { Members = members.ToImmutable() }, fresh.ToImmutable(), now);
    }

    private static ClusterMember Read(DbDataReader row) => new(
        new NodeId(row.GetString(3), row.GetInt64(4)), Enum.Parse<NodeStatus>(row.GetString(5)), row.GetInt64(6),
        row.GetString(7), row.GetString(8), row.GetInt64(9), row.GetInt64(10));

    private async Task WriteAsync(
        DbConnection connection, MembershipState before, MembershipState after, CancellationToken end)
    {
        foreach (var gone in before.Members.Keys.Where(address => !after.Members.ContainsKey(address)))
        {
            await RunAsync(
                connection, "DELETE FROM cluster_member WHERE site = @site AND address = @address", end,
                ("@address", gone));
            await RunAsync(
                connection, "DELETE FROM cluster_seen WHERE site = @site AND address = @address", end,
                ("@address", gone));
        }

        foreach (var member in after.Members.Values.Where(member => before.Find(member.Id) != member))
        {
            await RunAsync(
                connection,
                """
                INSERT INTO cluster_member
                    (site, address, incarnation, status, up_number, roles, app_version, joined_at, changed_at)
                VALUES (@site, @address, @incarnation, @status, @up, @roles, @version, @joined, @changed)
                ON CONFLICT (site, address) DO UPDATE SET incarnation = excluded.incarnation,
                    status = excluded.status, up_number = excluded.up_number, roles = excluded.roles,
                    app_version = excluded.app_version, joined_at = excluded.joined_at,
                    changed_at = excluded.changed_at
                """,
                end, ("@address", member.Id.Address), ("@incarnation", member.Id.Incarnation),
                ("@status", member.Status.ToString()), ("@up", member.UpNumber), ("@roles", member.Roles),
                ("@version", member.AppVersion), ("@joined", member.JoinedAt), ("@changed", member.ChangedAt));
        }

        await RunAsync(
            connection,
            "UPDATE cluster_site SET revision = @revision, last_incarnation = @last WHERE site = @site", end,
            ("@revision", after.Revision), ("@last", after.LastIncarnation));
        if (_dialect.Notify(_channel) is { } notify)
        {
            await RunAsync(connection, notify, end);
        }
    }

    private async Task RunAsync(
        DbConnection connection, string text, CancellationToken end,
        params (string Name, object Value)[] parameters)
    {
        (string Name, object Value)[] site = text.Contains("@site", StringComparison.Ordinal)
            ? [("@site", _site)]
            : [];
        await using var command = connection.Command(text, [.. site, .. parameters]);
        await command.ExecuteNonQueryAsync(end);
    }
}
