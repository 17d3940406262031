using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Lb.Actors;
using Lb.Cluster.Leases;
using Lb.Cluster.Membership;
using Lb.Host.Running;

namespace Lb.Host.Commands;

/// <summary>The members of a cluster, as a node knows them.</summary>
internal static class MemberReport
{
    /// <summary>What renews certificates does it earlier.</summary>
    private static readonly TimeSpan WarnBefore = TimeSpan.FromDays(14);

    private static readonly TimeSpan DatabaseTime = TimeSpan.FromSeconds(2);

    private static readonly ImmutableArray<Column> Columns =
    [
        new("address", "Address"), new("incarnation", "Incarnation", Right: true), new("roles", "Roles"),
        new("state", "State"), new("reach", "Reachable"), new("part", "Part"), new("config", "Config", Right: true),
        new("version", "Version"), new("since", "Since"),
    ];

    public static async Task<CommandResult> ShowAsync(
        string site, ClusterPart cluster, ConfigNodes config, DateTimeOffset now)
    {
        (ClusterNode node, SqlLeaseTable leases) = (cluster.Node!, cluster.Leases!);
        MembershipView view = node.View;
        List<ClusterMember> members = [.. view.State.ByAge];
        (IReadOnlyList<LeaseRecord> held, string? away) = await ReadAsync(leases);
        string table = view.IsStale
            ? "the table of members has not been read for a while, so some may have come or gone"
            : "the table of members is up to date";
        string problem = Problem(cluster) is { } why ? $" Problem: {why}." : string.Empty;
        string terms = away is not null ? $" Leases are not known: {away}."
            : held.Count == 0 ? string.Empty
            : $" Leases: {string.Join(", ", held.Select(lease => $"{lease.Name} {Holder(lease)} at term {lease.Term}"))}.";
        return CommandResult.Table(
            "node",
            Columns,
            members.Select(member => ImmutableArray.Create(
                member.Id.Address, member.Id.Incarnation.ToString(CultureInfo.InvariantCulture), $"[{member.Roles}]",
                State(member), Reach(view, node, member), Part(view, member), ConfigReport.Revision(config, member.Id.Address),
                member.AppVersion, Since(member)))) with
        {
            Message = $"Site {site}: {table}, revision {view.State.Revision}.{problem}{ConfigReport.Words(config)}{terms}{Protection(cluster, now)}",
            Data = new JsonObject
            {
                ["site"] = site,
                ["self"] = view.Self?.Address,
                ["incarnation"] = view.Self?.Incarnation,
                ["leader"] = view.Leader?.Address,
                ["tableRevision"] = view.State.Revision,
                ["stale"] = view.IsStale,
                ["problem"] = Problem(cluster),
                ["tls"] = cluster.Transport?.Mesh is not null,
                ["certificateUntil"] = Until(cluster) is { } until ? Text(until) : null,
                ["nodes"] = new JsonArray([.. members.Select(member => (JsonNode)Node(view, node, member, config))]),
                ["leases"] = away is not null ? null : new JsonArray([.. held.Select(lease => (JsonNode)Lease(lease))]),
            },
        };
    }

    /// <summary>The first thing that is not as it should be; null when all is, or the node is alone.</summary>
    public static string? Problem(ClusterPart cluster) =>
        cluster.Node?.View is not { } view ? null
        : view.End is { } end ? $"its node takes part in the cluster no more: {end}"
        : cluster.Transport?.Problem is { } protection ? protection
        : view.Problem is { } problem ? problem
        : view.IsStale ? "the table of members has not been read for a while"
        : view.SelfMember is not { Status: NodeStatus.Up } ? "its node is not up in the cluster"
        : view.Unreachable.Count > 0
            ? $"{string.Join(", ", view.Unreachable.Keys.Select(id => id.Address).Order(StringComparer.Ordinal))} cannot be reached"
        : null;

    /// <summary>What will not be as it should be soon, behind a line that all is well.</summary>
    public static string Warning(ClusterPart cluster, DateTimeOffset now) =>
        Until(cluster) is { } until && until - now < WarnBefore
            ? $"; its certificate ends at {Text(until)}: renew it with 'pbm cluster cert node'"
            : string.Empty;

    private static string Protection(ClusterPart cluster, DateTimeOffset now) =>
        Until(cluster) is not { } until ? " Nodes talk in the clear: lb.cluster.tls is not set."
        : Warning(cluster, now) is { Length: > 0 } ? $" This node's certificate ends at {Text(until)}: renew it with 'pbm cluster cert node'."
        : string.Empty;

    private static DateTimeOffset? Until(ClusterPart cluster) => cluster.Transport?.Mesh?.Credentials.Current.Until;

    private static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static async Task<(IReadOnlyList<LeaseRecord> Leases, string? Away)> ReadAsync(SqlLeaseTable leases)
    {
        try
        {
            return (await leases.ReadAllAsync(DatabaseTime), null);
        }
        catch (Exception e) when (e is TimeoutException or IOException or System.Data.Common.DbException)
        {
            return ([], e.Message.TrimEnd('.'));
        }
    }

    private static JsonObject Node(
        MembershipView view, ClusterNode node, ClusterMember member, ConfigNodes config) => new JsonObject
        {
            ["address"] = member.Id.Address,
            ["incarnation"] = member.Id.Incarnation,
            ["roles"] = new JsonArray(
            [.. member.Roles.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(role => JsonValue.Create(role))]),
            ["state"] = State(member),
            ["reachable"] = !view.Unreachable.ContainsKey(member.Id),
            ["unreachableSeconds"] = view.Unreachable.TryGetValue(member.Id, out TimeSpan since)
            ? (node.Now - since).TotalSeconds
            : null,
            ["leader"] = view.Leader == member.Id,
            ["config"] = ConfigReport.Of(config, member.Id.Address),
            ["version"] = member.AppVersion,
            ["since"] = Since(member),
        };

    private static JsonObject Lease(LeaseRecord lease) => new JsonObject
    {
        ["name"] = lease.Name,
        ["owner"] = lease.Owner,
        ["term"] = lease.Term,
        ["held"] = lease.IsHeld,
    };

    private static string Holder(LeaseRecord lease) => lease.IsHeld ? $"of {lease.Owner}" : $"free, last of {lease.Owner}";

    private static string State(ClusterMember member) => member.Status switch
    {
        NodeStatus.Joining => "joining",
        NodeStatus.Up => "up",
        NodeStatus.Leaving => "leaving",
        NodeStatus.Exiting => "exiting",
        _ => "down",
    };

    private static string Reach(MembershipView view, ClusterNode node, ClusterMember member) =>
        view.Unreachable.TryGetValue(member.Id, out TimeSpan since)
            ? $"not for {(node.Now - since).TotalSeconds:0} s"
            : "reachable";

    private static string Part(MembershipView view, ClusterMember member) =>
        (view.Leader == member.Id, view.Self == member.Id) switch
        {
            (true, true) => "leader, this node",
            (true, false) => "leader",
            (false, true) => "this node",
            _ => "",
        };

    private static string Since(ClusterMember member) => Text(DateTimeOffset.FromUnixTimeMilliseconds(member.JoinedAt));
}
