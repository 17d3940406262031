using System.Runtime.InteropServices;

namespace Lb.Kernel.Layout;

/// <summary>Flags beside <see cref="FlowLogging"/>, in the same byte.</summary>
[Flags]
[BtfType("lb_service_flag", Prefix = "LB_SERVICE_")]
internal enum ServiceFlags : byte
{
    None = 0,
    Reset = 1 << 2,
    Quic = 1 << 4,
    Sticky = 1 << 5,
    Tc = 1 << 6,
    Affinity = 1 << 7,
}

/// <summary>Which bits of a source's address tell clients of a service apart.</summary>
[BtfType("lb_affinity")]
[StructLayout(LayoutKind.Sequential)]
internal struct AffinityValue
{
    public Address16 Mask;
}
