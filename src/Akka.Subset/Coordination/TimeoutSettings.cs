using System.Diagnostics.CodeAnalysis;
using Akka.Configuration;

namespace Akka.Coordination;

/// <summary>The times of a lease.</summary>
public sealed class TimeoutSettings
{
    private static readonly TimeSpan ShortestDerivedInterval = TimeSpan.FromSeconds(5);

    /// <summary>Creates the settings.</summary>
    public TimeoutSettings(TimeSpan heartbeatInterval, TimeSpan heartbeatTimeout, TimeSpan operationTimeout)
    {
        HeartbeatInterval = heartbeatInterval;
        HeartbeatTimeout = heartbeatTimeout;
        OperationTimeout = operationTimeout;
    }

    /// <summary>How often the owner renews the lease.</summary>
    public TimeSpan HeartbeatInterval { get; }

    /// <summary>How long after the last renewal another owner may take the lease.</summary>
    public TimeSpan HeartbeatTimeout { get; }

    /// <summary>How long an attempt to take or release the lease may take.</summary>
    public TimeSpan OperationTimeout { get; }

    /// <summary>
    /// Reads the settings. A <c>heartbeat-interval</c> that is left empty is a tenth of <c>heartbeat-timeout</c>.
    /// </summary>
    /// <exception cref="ConfigurationException">There is no configuration.</exception>
    /// <exception cref="ArgumentException">
    /// The owner would renew the lease too seldom to keep it when a renewal gets lost.
    /// </exception>
    public static TimeoutSettings Create(Config config)
    {
        if (config.IsNullOrEmpty())
        {
            throw new ConfigurationException("There is no configuration of the lease's times");
        }

        var timeout = config.GetTimeSpan("heartbeat-timeout");
        var interval = string.IsNullOrEmpty(config.GetString("heartbeat-interval"))
            ? TimeSpan.FromTicks(Math.Max(timeout.Ticks / 10, ShortestDerivedInterval.Ticks))
            : config.GetTimeSpan("heartbeat-interval");
        return interval < timeout / 2
            ? new TimeoutSettings(interval, timeout, config.GetTimeSpan("lease-operation-timeout"))
            : throw new ArgumentException(
                $"heartbeat-interval [{interval}] must be less than half of heartbeat-timeout [{timeout}]",
                nameof(config));
    }

    /// <summary>Returns a copy with another <see cref="HeartbeatInterval"/>.</summary>
    public TimeoutSettings WithHeartbeatInterval(TimeSpan heartbeatInterval) =>
        new(heartbeatInterval, HeartbeatTimeout, OperationTimeout);

    /// <summary>Returns a copy with another <see cref="HeartbeatTimeout"/>.</summary>
    public TimeoutSettings WithHeartbeatTimeout(TimeSpan heartbeatTimeout) =>
        new(HeartbeatInterval, heartbeatTimeout, OperationTimeout);

    /// <summary>Returns a copy with another <see cref="OperationTimeout"/>.</summary>
    [SuppressMessage("Style", "IDE1006", Justification = "The name is Akka.NET's API.")]
    public TimeoutSettings withOperationTimeout(TimeSpan operationTimeout) =>
        new(HeartbeatInterval, HeartbeatTimeout, operationTimeout);

    /// <inheritdoc/>
    public override string ToString() =>
        $"TimeoutSettings({HeartbeatInterval}, {HeartbeatTimeout}, {OperationTimeout})";
}
