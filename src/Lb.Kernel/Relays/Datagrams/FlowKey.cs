using System.Runtime.InteropServices;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Relays;

/// <summary>What tells the flows of a service apart: the client's address and port.</summary>
internal readonly record struct FlowKey(ulong First, ulong Second, ushort Port)
{
    public static FlowKey Of(SocketAddress client)
    {
        Span<byte> address = client.Address;
        return address.Length == sizeof(uint)
            ? new FlowKey(MemoryMarshal.Read<uint>(address), 0, client.Port)
            : new FlowKey(
                MemoryMarshal.Read<ulong>(address), MemoryMarshal.Read<ulong>(address[sizeof(ulong)..]), client.Port);
    }
}

/// <summary>
/// What tells flows of a proxy's clients apart: whose the datagrams are and by which of the proxy's sockets they came, as the
/// answers go back there.
/// </summary>
internal readonly record struct ProxiedFlowKey(FlowKey Client, FlowKey Proxy);
