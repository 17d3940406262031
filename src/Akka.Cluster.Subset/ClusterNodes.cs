using Akka.Actor;
using Akka.Configuration;
using Lb.Cluster.Database;
using Lb.Cluster.Membership;
using Lb.Cluster.Transport;

namespace Akka.Cluster;

/// <summary>Makes the node that a system takes part by: the one it was set up with, or one by its configuration.</summary>
internal static class ClusterNodes
{
    internal static (ClusterNode Node, string Address) Of(ExtendedActorSystem system, ClusterSettings settings)
    {
        var config = system.Settings.Config;
        var host = config.GetString("akka.remote.dot-netty.tcp.hostname") ?? string.Empty;
        var port = config.GetInt("akka.remote.dot-netty.tcp.port");
        var setup = system.Settings.Setup.Get<ClusterNodeSetup>();
        if (setup.HasValue)
        {
            return (setup.Value.Node, setup.Value.Node.Address);
        }

        var site = config.GetConfig("lb.cluster");
        if (site.IsNullOrEmpty() || host.Length == 0 || port == 0)
        {
            throw new ConfigurationException(
                "The cluster needs an address, [akka.remote.dot-netty.tcp.hostname] and [.port], and a database, "
                + "[lb.cluster.provider-name] and [.connection-string]");
        }

        var address = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:{port}" : $"{host}:{port}";
        var options = OptionsOf(config, address, settings);
        var database = ClusterDatabase.Of(
            site.GetString("provider-name") ?? string.Empty, site.GetString("connection-string") ?? string.Empty);
        return (
            new ClusterNode(
                options, new SqlMembershipTable(database, site.GetString("site", system.Name), TimeProvider.System),
                new UdpTransport(address), TimeProvider.System),
            address);
    }

    private static MembershipOptions OptionsOf(Config config, string address, ClusterSettings settings)
    {
        var usual = new MembershipOptions { Address = address };
        var detector = config.GetConfig("akka.cluster.failure-detector") ?? ConfigurationFactory.Empty;
        var site = config.GetConfig("lb.cluster");
        return usual with
        {
            Roles = [.. settings.Roles],
            HeartbeatInterval = detector.GetTimeSpan("heartbeat-interval", usual.HeartbeatInterval),
            AcceptablePause = detector.GetTimeSpan("acceptable-heartbeat-pause", usual.AcceptablePause),
            LeastDeviation = detector.GetTimeSpan("min-std-deviation", usual.LeastDeviation),
            Threshold = detector.GetDouble("threshold", usual.Threshold),
            Watchers = detector.GetInt("monitored-by-nr-of-members", usual.Watchers),
            StableAfter = config.GetTimeSpan("akka.cluster.split-brain-resolver.stable-after", usual.StableAfter),
            PollInterval = site.GetTimeSpan("poll-interval", usual.PollInterval),
            StaleAfter = site.GetTimeSpan("stale-after", usual.StaleAfter),
        };
    }
}
