using System.Collections.Immutable;
using Akka.Configuration;

namespace Akka.Cluster;

/// <summary>How the node takes part, as <c>akka.cluster</c> says.</summary>
public sealed class ClusterSettings
{
    /// <summary>Reads the settings.</summary>
    public ClusterSettings(Config config, string systemName)
    {
        ArgumentNullException.ThrowIfNull(systemName);
        var cluster = config.GetConfig("akka.cluster") ?? ConfigurationFactory.Empty;
        LogInfo = cluster.GetBoolean("log-info", true);
        Roles = [.. cluster.GetStringList("roles", [])];
        HeartbeatInterval = cluster.GetTimeSpan("failure-detector.heartbeat-interval", TimeSpan.FromSeconds(1));
        MonitoredByNrOfMembers = cluster.GetInt("failure-detector.monitored-by-nr-of-members", 9);
        SeedNodes = [.. cluster.GetStringList("seed-nodes", []).Select(Actor.Address.Parse)];
    }

    /// <summary>How often members ask each other whether they are there.</summary>
    public TimeSpan HeartbeatInterval { get; }

    /// <summary>Whether what happens to members is logged.</summary>
    public bool LogInfo { get; }

    /// <summary>By how many others a member is watched.</summary>
    public int MonitoredByNrOfMembers { get; }

    /// <summary>The node's roles.</summary>
    public ImmutableHashSet<string> Roles { get; }

    /// <summary>Where to join; here it only matters whether there are any, as the table says who is in.</summary>
    public ImmutableList<Actor.Address> SeedNodes { get; }
}
