using Akka.Actor;
using Akka.Configuration;
using Akka.Coordination;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>How a singleton is run.</summary>
public sealed class ClusterSingletonManagerSettings : INoSerializationVerificationNeeded
{
    private ClusterSingletonManagerSettings(
        string singletonName, string? role, TimeSpan removalMargin, TimeSpan handOverRetryInterval,
        LeaseUsageSettings? leaseSettings)
    {
        SingletonName = singletonName;
        Role = role;
        RemovalMargin = removalMargin;
        HandOverRetryInterval = handOverRetryInterval;
        LeaseSettings = leaseSettings;
    }

    /// <summary>The name of the actor that is the singleton, below its manager.</summary>
    public string SingletonName { get; }

    /// <summary>The role of the members among which it runs; all, when there is none.</summary>
    public string? Role { get; }

    /// <summary>Is not used here: the lease says when another member may go on.</summary>
    public TimeSpan RemovalMargin { get; }

    /// <summary>How often a singleton that does not stop is reported.</summary>
    public TimeSpan HandOverRetryInterval { get; }

    /// <summary>The lease that a member holds while it runs the singleton.</summary>
    public LeaseUsageSettings? LeaseSettings { get; }

    /// <summary>Reads the settings from <c>akka.cluster.singleton</c>.</summary>
    public static ClusterSingletonManagerSettings Create(ActorSystem system) =>
        Create(system.Settings.Config.GetConfig("akka.cluster.singleton") ?? ConfigurationFactory.Empty);

    /// <summary>Reads the settings.</summary>
    public static ClusterSingletonManagerSettings Create(Config config)
    {
        var lease = config.GetString("use-lease");
        var role = config.GetString("role");
        return new ClusterSingletonManagerSettings(
            config.GetString("singleton-name", "singleton"), string.IsNullOrEmpty(role) ? null : role, TimeSpan.Zero,
            config.GetTimeSpan("hand-over-retry-interval", TimeSpan.FromSeconds(1)),
            string.IsNullOrEmpty(lease)
                ? null
                : new LeaseUsageSettings(
                    lease, config.GetTimeSpan("lease-retry-interval", TimeSpan.FromSeconds(5))));
    }

    /// <summary>Returns a copy with another name.</summary>
    public ClusterSingletonManagerSettings WithSingletonName(string singletonName) =>
        new(singletonName, Role, RemovalMargin, HandOverRetryInterval, LeaseSettings);

    /// <summary>Returns a copy with another role.</summary>
    public ClusterSingletonManagerSettings WithRole(string? role) =>
        new(SingletonName, role, RemovalMargin, HandOverRetryInterval, LeaseSettings);

    /// <summary>Returns a copy with another interval.</summary>
    public ClusterSingletonManagerSettings WithHandOverRetryInterval(TimeSpan handOverRetryInterval) =>
        new(SingletonName, Role, RemovalMargin, handOverRetryInterval, LeaseSettings);

    /// <summary>Returns a copy with another lease.</summary>
    public ClusterSingletonManagerSettings WithLeaseSettings(LeaseUsageSettings leaseSettings) =>
        new(SingletonName, Role, RemovalMargin, HandOverRetryInterval, leaseSettings);
}
