using Lb.Kernel;

namespace Lb.Host.Configuration;

/// <summary>Adds choice, limits, times and passive health to the settings of a relay.</summary>
internal static class RelayPolicyBinder
{
    public static RelaySettings Bind(RelaySettings settings, SectionValues relay)
    {
        SectionValues silence = relay.Get(RelayPolicyKeys.KeepAlive);
        SectionValues outlier = relay.Get(RelayPolicyKeys.Outlier);
        return settings with
        {
            Balance = relay.Get(RelayPolicyKeys.Balance),
            Transfer = relay.Get(RelayPolicyKeys.Engine),
            Limits = new RelayLimits
            {
                BackendConnections = (int)relay.Get(RelayPolicyKeys.BackendConnections),
                SourceConnections = (int)relay.Get(RelayPolicyKeys.SourceConnections),
                LifeTimeout = relay.Get(RelayPolicyKeys.LifeTimeout),
                DrainTimeout = relay.Get(RelayPolicyKeys.DrainTimeout),
                OnDown = relay.Get(RelayPolicyKeys.OnDown),
            },
            KeepAlive = new RelayKeepAlive
            {
                Idle = silence.Get(RelayPolicyKeys.Silence.Idle),
                Interval = silence.Get(RelayPolicyKeys.Silence.Interval),
                Count = (int)silence.Get(RelayPolicyKeys.Silence.Count),
            },
            Outlier = new RelayOutlierSettings
            {
                Failures = (int)outlier.Get(RelayPolicyKeys.Outliers.Failures),
                BaseTime = outlier.Get(RelayPolicyKeys.Outliers.BaseTime),
                MaxTime = outlier.Get(RelayPolicyKeys.Outliers.MaxTime),
                MaxEjected = outlier.Get(RelayPolicyKeys.Outliers.MaxEjected),
            },
        };
    }
}
