using Lb.Kernel;

namespace Lb.Actors;

/// <summary>What probes say of a backend.</summary>
public enum HealthVerdict
{
    /// <summary>Not enough probes yet: it gets nothing.</summary>
    Unknown,

    /// <summary>Passes its checks.</summary>
    Up,

    /// <summary>Fails its checks.</summary>
    Down,
}

/// <summary>State of a backend as operators see it.</summary>
public enum BackendState
{
    /// <summary>Waits for its first verdict.</summary>
    Checking,

    /// <summary>Takes new flows.</summary>
    Up,

    /// <summary>Fails its checks: its flows go elsewhere.</summary>
    Down,

    /// <summary>Takes no new flows, finishes those it has.</summary>
    Draining,

    /// <summary>Switched off by the operator.</summary>
    Disabled,
}

/// <summary>A backend of a service: what is configured, and what is known of it.</summary>
/// <param name="Id">Number in the service's slots; not 0.</param>
/// <param name="Socket">Address, port and protocol: its identity.</param>
/// <param name="Name">Name in the config; of a leftover the last one known.</param>
/// <param name="Weight">Configured weight.</param>
/// <param name="Admin">What the operator wants.</param>
/// <param name="Leftover">No longer in the config; it finishes its flows and is then forgotten.</param>
/// <param name="Verdict">What probes say.</param>
public sealed record PoolMember(
    uint Id,
    Endpoint Socket,
    string Name,
    int Weight,
    BackendAdmin Admin,
    bool Leftover,
    HealthVerdict Verdict)
{
    /// <summary>It gets new flows only while no other backend is up.</summary>
    public bool Backup { get; init; }

    /// <summary>What the QUIC connection IDs that it issues have in common; null when they say nothing.</summary>
    public ServerId? ServerId { get; init; }

    /// <summary>The step of <see cref="SlowStart"/> that it is in; 0 when it has its whole weight.</summary>
    public byte Step { get; init; }

    /// <summary>How long it keeps its flows when it drains; zero: as long as they last; null: as the service says.</summary>
    public TimeSpan? DrainDeadline { get; init; }

    /// <summary>It has had its time to drain: flows that it has are ended.</summary>
    public bool DrainOver { get; init; }

    /// <summary>It takes no new flows, and keeps those that it has for a while.</summary>
    public bool Drains => Leftover || Admin == BackendAdmin.Drain;

    /// <summary>It is wanted for new flows.</summary>
    public bool IsEnabled => !Leftover && Admin == BackendAdmin.Enabled;

    /// <summary>It can have flows, whatever the rest of the pool is like.</summary>
    public bool IsAlive => Admin != BackendAdmin.Disabled && Verdict == HealthVerdict.Up && !DrainOver;

    /// <summary>Weight for new flows, as long as the pool is used as usual and it is no backup.</summary>
    public int Share => IsAlive && IsEnabled ? Weight : 0;

    /// <summary>It is probed.</summary>
    public bool IsProbed => Admin != BackendAdmin.Disabled;

    /// <summary>State as operators see it.</summary>
    public BackendState State => this switch
    {
        { Admin: BackendAdmin.Disabled } => BackendState.Disabled,
        { Verdict: HealthVerdict.Down } => BackendState.Down,
        { Leftover: true } or { Admin: BackendAdmin.Drain } => BackendState.Draining,
        { Verdict: HealthVerdict.Unknown } => BackendState.Checking,
        _ => BackendState.Up,
    };
}
