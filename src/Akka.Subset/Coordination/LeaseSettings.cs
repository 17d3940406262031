using Akka.Configuration;

namespace Akka.Coordination;

/// <summary>What a lease is told: its name, for whom it is, its times, its part of the configuration.</summary>
public sealed class LeaseSettings
{
    /// <summary>Creates the settings.</summary>
    public LeaseSettings(string leaseName, string ownerName, TimeoutSettings timeoutSettings, Config leaseConfig)
    {
        LeaseName = leaseName;
        OwnerName = ownerName;
        TimeoutSettings = timeoutSettings;
        LeaseConfig = leaseConfig;
    }

    /// <summary>What the lease is about.</summary>
    public string LeaseName { get; }

    /// <summary>Who takes it, unlike any other owner.</summary>
    public string OwnerName { get; }

    /// <summary>The times.</summary>
    public TimeoutSettings TimeoutSettings { get; }

    /// <summary>The lease's part of the configuration.</summary>
    public Config LeaseConfig { get; }

    /// <summary>Reads the settings.</summary>
    /// <exception cref="ConfigurationException">There is no configuration.</exception>
    public static LeaseSettings Create(Config config, string leaseName, string ownerName) =>
        new(leaseName, ownerName, TimeoutSettings.Create(config), config);

    /// <summary>Returns a copy with other times.</summary>
    public LeaseSettings WithTimeoutSettings(TimeoutSettings timeoutSettings) =>
        new(LeaseName, OwnerName, timeoutSettings, LeaseConfig);

    /// <inheritdoc/>
    public override string ToString() => $"LeaseSettings({LeaseName}, {OwnerName}, {TimeoutSettings})";
}

/// <summary>Which lease something uses, for those who have their lease made for them.</summary>
public sealed class LeaseUsageSettings
{
    /// <summary>Creates the settings.</summary>
    public LeaseUsageSettings(string leaseImplementation, TimeSpan leaseRetryInterval)
    {
        LeaseImplementation = leaseImplementation;
        LeaseRetryInterval = leaseRetryInterval;
    }

    /// <summary>The path of the lease's part of the configuration.</summary>
    public string LeaseImplementation { get; }

    /// <summary>How long to wait after an attempt in vain.</summary>
    public TimeSpan LeaseRetryInterval { get; }

    /// <inheritdoc/>
    public override string ToString() => $"LeaseUsageSettings({LeaseImplementation}, {LeaseRetryInterval})";
}
