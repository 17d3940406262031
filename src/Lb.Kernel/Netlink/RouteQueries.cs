using System.Net;
using System.Runtime.InteropServices;
using Lb.Kernel.Interop;
using Lb.Kernel.Layout;

namespace Lb.Kernel.Netlink;

/// <summary>The route to an address.</summary>
/// <param name="InterfaceIndex">Outgoing interface.</param>
/// <param name="Via">The gateway; the address itself on its own link.</param>
/// <param name="Source">The node's address towards it.</param>
/// <param name="Mtu">What the route says of the longest packet, layer-3 bytes; null where the interface's holds.</param>
internal sealed record Route(int InterfaceIndex, IPAddress Via, IPAddress Source, int? Mtu);

/// <summary>Questions about routes.</summary>
internal static class RouteQueries
{
    private const ushort Destination = 1; // RTA_DST
    private const ushort OutgoingInterface = 4; // RTA_OIF
    private const ushort Gateway = 5; // RTA_GATEWAY
    private const ushort PreferredSource = 7; // RTA_PREFSRC
    private const ushort Metrics = 8; // RTA_METRICS
    private const ushort MtuMetric = 2; // RTAX_MTU
    private const ushort Via = 18; // RTA_VIA: a gateway of the other address family
    private const byte Unicast = 1; // RTN_UNICAST

    /// <summary>Looks up the route as the host's stack would; null when there is none to another host.</summary>
    public static Route? Find(NetlinkSocket netlink, IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        var request = new NetlinkRequest(stackalloc byte[64], MessageType.GetRoute, RequestFlags.Acknowledge);
        request.Append(new RouteHeader
        {
            Family = NativeFamily.Of(address.AddressFamily),
            DestinationLength = (byte)(bytes.Length * 8),
        });
        request.Append(Destination, bytes);
        Route? route = null;
        Errno errno = netlink.Request(request, message => route = Parse(message, address));

        // Unreachable, blackhole and prohibited routes are told by an errno each; all mean that there is none.
        return errno == default ? route : null;
    }

    private static Route? Parse(NetlinkMessage message, IPAddress address)
    {
        if (message.Type != MessageType.NewRoute || message.Fixed<RouteHeader>().Type != Unicast)
        {
            return null;
        }

        int interfaceIndex = 0;
        IPAddress via = address;
        IPAddress? source = null;
        int? mtu = null;
        NetlinkAttributes attributes = message.Attributes<RouteHeader>();
        while (attributes.MoveNext())
        {
            switch (attributes.Type)
            {
                case OutgoingInterface:
                    interfaceIndex = MemoryMarshal.Read<int>(attributes.Value);
                    break;
                case Gateway:
                    via = new IPAddress(attributes.Value);
                    break;
                case Via:
                    via = new IPAddress(attributes.Value[sizeof(ushort)..]);
                    break;
                case PreferredSource:
                    source = new IPAddress(attributes.Value);
                    break;
                case Metrics:
                    mtu = MtuOf(attributes.Value);
                    break;
                default:
                    break;
            }
        }

        return interfaceIndex == 0 || source is null ? null : new Route(interfaceIndex, via, source, mtu);
    }

    private static int? MtuOf(ReadOnlySpan<byte> metrics)
    {
        var nested = new NetlinkAttributes(metrics);
        while (nested.MoveNext())
        {
            if (nested.Type == MtuMetric)
            {
                return MemoryMarshal.Read<int>(nested.Value);
            }
        }

        return null;
    }
}
