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
    public FlowLogging Logging;
    public RelayFlags Relay;
}
