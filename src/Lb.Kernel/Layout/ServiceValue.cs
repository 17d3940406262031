using System.Runtime.InteropServices;

namespace Lb.Kernel.Layout;

/// <summary>A service; all zero in the entry that only marks an address as a VIP.</summary>
[BtfType("lb_service")]
[StructLayout(LayoutKind.Sequential)]
internal struct ServiceValue
{
    public uint Id;
    public uint Table;
    public uint Slots;
    public uint Seed;
    public ForwardingMode Mode;
    public Tracking Tracking;
    public byte Logging;
    public RelayFlags Relay;

    /// <summary>Which flows are logged.</summary>
    public readonly FlowLogging FlowLogging => (FlowLogging)(Logging
        & ~(byte)(ServiceFlags.Affinity | ServiceFlags.Tc | ServiceFlags.Sticky | ServiceFlags.Quic | ServiceFlags.Reset));

    /// <summary>Its packets are forwarded at traffic control.</summary>
    public readonly bool IsByTc => (Logging & (byte)ServiceFlags.Tc) != 0;

    /// <summary>Clients of TCP flows whose backend is dead are told by a RST.</summary>
    public readonly bool Resets => (Logging & (byte)ServiceFlags.Reset) != 0;

    /// <summary>Connection IDs of QUIC name its backends.</summary>
    public readonly bool HasQuic => (Logging & (byte)ServiceFlags.Quic) != 0;

    /// <summary>Its clients have affinity.</summary>
    public readonly bool HasAffinity => (Logging & (byte)ServiceFlags.Affinity) != 0;

    /// <summary>They keep their backend when the table changes.</summary>
    public readonly bool IsSticky => HasAffinity && (Logging & (byte)ServiceFlags.Sticky) != 0;
}
