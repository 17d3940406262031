using Lb.Kernel;

namespace Lb.Actors;

/// <summary>
/// Which mode the new flows of a service have, and which those have that are older than its last change. A service that
/// gets a relay or full-nat, or loses it, keeps both until the older flows have ended. Immutable, and its rules are pure.
/// </summary>
/// <param name="Mode">Of new flows.</param>
/// <param name="Older">Of older ones; null when there are none to be kept.</param>
/// <param name="Since">When the mode changed, in ticks of the monotonic clock.</param>
public sealed record ModeCourse(ForwardingMode Mode, ForwardingMode? Older, long Since)
{
    /// <summary>Older flows go on in the kernel, and are tracked so that their end is seen.</summary>
    public bool TracksOlder => Older is not null && Older != ForwardingMode.Tproxy;

    /// <summary>Older connections go on by the relay.</summary>
    public bool DrainsRelay => Older == ForwardingMode.Tproxy;

    /// <summary>Of a service that is new.</summary>
    public static ModeCourse Start(ForwardingMode mode) => new(mode, null, 0);

    /// <summary>Of a service that the kernel holds.</summary>
    public static ModeCourse Adopt(DesiredService held, long now)
    {
        ArgumentNullException.ThrowIfNull(held);
        return new ModeCourse(held.Mode, held.Older, now);
    }

    /// <summary>Turns to another mode. To a relay only when it listens: until then the old mode goes on.</summary>
    public ModeCourse Turn(ForwardingMode wanted, bool listens, long now)
    {
        if (wanted == Mode || (wanted == ForwardingMode.Tproxy && !listens))
        {
            return this;
        }

        // From one way of the kernel to another nothing tells flows apart, but for full-nat, whose flows have entries; a relay
        // that still drains goes on with it.
        bool moves = wanted == ForwardingMode.Tproxy || Mode == ForwardingMode.Tproxy;
        bool toldApart = wanted == ForwardingMode.FullNat || Mode == ForwardingMode.FullNat;
        if (toldApart && Older is not null && Older != wanted)
        {
            // Three ways at once are one too many: this change waits until the last one is over.
            return this;
        }

        return moves || toldApart
            ? new ModeCourse(wanted, Mode, now)
            : this with { Mode = wanted };
    }

    /// <summary>No older flow is left.</summary>
    public ModeCourse Settle() => this with { Older = null };

    /// <summary>What the kernel remembers of flows, where the config asks for this.</summary>
    /// <param name="config">The config.</param>
    /// <param name="last">What it has remembered so far; null for a service that is new.</param>
    public Tracking Track(ServiceConfig config, Tracking? last)
    {
        ArgumentNullException.ThrowIfNull(config);
        return TracksOlder ? Tracking.Full
            // The config is that of a relay which does not listen yet.
            : Mode != config.Mode && last is { } kept ? kept
            : config.Tracking;
    }
}
