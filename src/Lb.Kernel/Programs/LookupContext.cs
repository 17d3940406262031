using System.Runtime.InteropServices;
using Lb.Kernel.Interop;
using Lb.Kernel.Layout;

namespace Lb.Kernel.Programs;

/// <summary><c>struct bpf_sk_lookup</c>: the context of a test run.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LookupContext
{
    /// <summary>Of the socket that was named, after the run.</summary>
    public ulong Cookie;
    public uint Family;
    public uint Protocol;
    public uint RemoteIPv4;
    public Address16 RemoteIPv6;
    public uint RemotePort;
    public uint LocalIPv4;
    public Address16 LocalIPv6;

    /// <summary>In the order of the host, unlike all else here.</summary>
    public uint LocalPort;
    public uint IngressInterface;
    private readonly uint _padding;

    /// <summary>A packet to a destination.</summary>
    public static LookupContext To(Endpoint destination)
    {
        bool v4 = destination.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork;
        return new LookupContext
        {
            Family = (uint)(v4 ? LibC.FamilyInet : LibC.FamilyInet6),
            Protocol = (uint)destination.Protocol,
            LocalIPv4 = v4 ? MemoryMarshal.Read<uint>(destination.Address.GetAddressBytes()) : 0,
            LocalIPv6 = v4 ? default : Address16.From(destination.Address),
            LocalPort = destination.Port,
        };
    }
}
