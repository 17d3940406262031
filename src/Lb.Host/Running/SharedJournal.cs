using Akka.Hosting;
using Akka.Persistence.Sql.Hosting;
using Lb.Actors;
using Lb.Cluster.Membership;
using Lb.Host.Configuration;

namespace Lb.Host.Running;

/// <summary>The journal of the site's config and tokens that the nodes of a cluster share, in the cluster's database.</summary>
internal static class SharedJournal
{
    private const string Plugin = "cluster";

    // A database that is away is to be noticed soon: changes are refused then, and are not to hang before.
    private const string PostgreSqlTimes = "Timeout=3;Command Timeout=3;Cancellation Timeout=500;";
    private const string SqliteTimes = "Default Timeout=3;";

    private const string Known = "akka.persistence.snapshot-store.known";

    private static readonly string Settings = $$"""
        {{Known}}.class = "{{typeof(KnownSnapshotStore).AssemblyQualifiedName}}"
        akka.persistence {
          journal.{{Plugin}}.recovery-event-timeout = 5s
          snapshot-store.{{Plugin}}.recovery-event-timeout = 5s
        }
        """;

    /// <summary>Adds it beside the node's own, for a node of a cluster.</summary>
    /// <exception cref="NodeFailure">The database's folder cannot be had.</exception>
    public static AkkaConfigurationBuilder WithSharedJournal(this AkkaConfigurationBuilder akka, ClusterOptions? cluster)
    {
        if (cluster is null)
        {
            return akka;
        }

        // What the connection string says itself stands behind, and so above, these.
        (string provider, string connection) = cluster.OpenDatabase();
        string times = cluster.Database.Provider == JournalProvider.PostgreSql ? PostgreSqlTimes : SqliteTimes;
        return akka
            .WithSqlPersistence(times + connection, provider, pluginIdentifier: Plugin, isDefaultPlugin: false)
            .AddHocon(Settings, HoconAddMode.Prepend);
    }

    /// <summary>How actors find it; null for a node that is alone.</summary>
    public static JournalPlace? PlaceOf(ClusterOptions? cluster, ClusterNode? node, JournalOptions own) => cluster is null || node is null
        ? null
        : new JournalPlace(cluster.Name)
        {
            JournalPlugin = $"akka.persistence.journal.{Plugin}",
            SnapshotPlugin = $"akka.persistence.snapshot-store.{Plugin}",
            KnownPlugin = Known,

            // A server that is away may be the one that has the cluster's: a copy there would be waited for in vain.
            KeepsCopy = own.Provider == JournalProvider.Sqlite,
            Peers = new ClusterConfigPeers(node),
        };
}
