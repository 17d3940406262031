using Akka.Actor;
using Akka.Configuration;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>How a singleton is found.</summary>
public sealed class ClusterSingletonProxySettings : INoSerializationVerificationNeeded
{
    private ClusterSingletonProxySettings(
        string singletonName, string? role, TimeSpan singletonIdentificationInterval, int bufferSize)
    {
        SingletonName = singletonName;
        Role = role;
        SingletonIdentificationInterval = singletonIdentificationInterval;
        BufferSize = bufferSize;
    }

    /// <summary>The name of the actor that is the singleton, below its manager.</summary>
    public string SingletonName { get; }

    /// <summary>The role of the members among which it runs.</summary>
    public string? Role { get; }

    /// <summary>How often it is looked for while it is not found.</summary>
    public TimeSpan SingletonIdentificationInterval { get; }

    /// <summary>How many messages wait for it; the oldest is dropped when there are more.</summary>
    public int BufferSize { get; }

    /// <summary>Reads the settings from <c>akka.cluster.singleton-proxy</c>.</summary>
    public static ClusterSingletonProxySettings Create(ActorSystem system)
    {
        var config = system.Settings.Config.GetConfig("akka.cluster.singleton-proxy") ?? ConfigurationFactory.Empty;
        var role = config.GetString("role");
        return new ClusterSingletonProxySettings(
            config.GetString("singleton-name", "singleton"), string.IsNullOrEmpty(role) ? null : role,
            config.GetTimeSpan("singleton-identification-interval", TimeSpan.FromSeconds(1)),
            config.GetInt("buffer-size", 1000));
    }

    /// <summary>Returns a copy with another name.</summary>
    public ClusterSingletonProxySettings WithSingletonName(string singletonName) =>
        new(singletonName, Role, SingletonIdentificationInterval, BufferSize);

    /// <summary>Returns a copy with another role.</summary>
    public ClusterSingletonProxySettings WithRole(string? role) =>
        new(SingletonName, role, SingletonIdentificationInterval, BufferSize);

    /// <summary>Returns a copy with another interval.</summary>
    public ClusterSingletonProxySettings WithSingletonIdentificationInterval(
        TimeSpan singletonIdentificationInterval) =>
        new(SingletonName, Role, singletonIdentificationInterval, BufferSize);

    /// <summary>Returns a copy with another size.</summary>
    public ClusterSingletonProxySettings WithBufferSize(int bufferSize) =>
        new(SingletonName, Role, SingletonIdentificationInterval, bufferSize);
}
