using Lb.Kernel;

namespace Lb.Actors.Wire;

/// <summary>Choice, limits, times and passive health of a relay, as they are stored. What is not there is the default.</summary>
internal sealed record RelayPolicyRecord(
    string? Balance = null,
    int? BackendConnections = null,
    int? SourceConnections = null,
    TimeSpan? LifeTimeout = null,
    TimeSpan? DrainTimeout = null,
    string? OnDown = null,
    RelayKeepAliveRecord? KeepAlive = null,
    RelayOutlierRecord? Outlier = null,
    string? Engine = null)
{
    private static readonly RelayPolicyRecord s_nothing = new();

    /// <summary>What differs from the default; null when nothing does.</summary>
    public static RelayPolicyRecord? Of(RelaySettings relay)
    {
        RelayLimits limits = relay.Limits;
        RelayPolicyRecord record = new(
            relay.Balance == RelayBalance.Maglev ? null : Words.RelayBalances.Of(relay.Balance),
            NotZero(limits.BackendConnections),
            NotZero(limits.SourceConnections),
            NotZero(limits.LifeTimeout),
            NotZero(limits.DrainTimeout),
            limits.OnDown == RelayOnDown.Keep ? null : Words.RelayOnDowns.Of(limits.OnDown),
            relay.KeepAlive == RelayKeepAlive.Off
                ? null
                : new RelayKeepAliveRecord(relay.KeepAlive.Idle, relay.KeepAlive.Interval, relay.KeepAlive.Count),
            relay.Outlier == RelayOutlierSettings.Default
                ? null
                : new RelayOutlierRecord(
                    relay.Outlier.Failures, relay.Outlier.BaseTime, relay.Outlier.MaxTime, relay.Outlier.MaxEjected),
            relay.Transfer == RelayTransfer.Loop ? null : Words.RelayTransfers.Of(relay.Transfer));
        return record == s_nothing ? null : record;
    }

    public RelaySettings AddTo(RelaySettings settings) => settings with
    {
        Balance = Balance is null ? RelayBalance.Maglev : Words.RelayBalances.Parse(Balance),
        Transfer = Engine is null ? RelayTransfer.Loop : Words.RelayTransfers.Parse(Engine),
        Limits = new RelayLimits
        {
            BackendConnections = BackendConnections ?? 0,
            SourceConnections = SourceConnections ?? 0,
            LifeTimeout = LifeTimeout ?? TimeSpan.Zero,
            DrainTimeout = DrainTimeout ?? TimeSpan.Zero,
            OnDown = OnDown is null ? RelayOnDown.Keep : Words.RelayOnDowns.Parse(OnDown),
        },
        KeepAlive = KeepAlive is null
            ? RelayKeepAlive.Off
            : new RelayKeepAlive { Idle = KeepAlive.Idle, Interval = KeepAlive.Interval, Count = KeepAlive.Count },
        Outlier = Outlier is null
            ? RelayOutlierSettings.Default
            : new RelayOutlierSettings
            {
                Failures = Outlier.Failures,
                BaseTime = Outlier.BaseTime,
                MaxTime = Outlier.MaxTime,
                MaxEjected = Outlier.MaxEjected,
            },
    };

    private static int? NotZero(int number) => number == 0 ? null : number;

    private static TimeSpan? NotZero(TimeSpan time) => time == TimeSpan.Zero ? null : time;
}

/// <summary>How silent peers are asked for, as it is stored.</summary>
internal sealed record RelayKeepAliveRecord(TimeSpan Idle, TimeSpan Interval, int Count);

/// <summary>When a backend is ejected, as it is stored.</summary>
internal sealed record RelayOutlierRecord(int Failures, TimeSpan BaseTime, TimeSpan MaxTime, double MaxEjected);
