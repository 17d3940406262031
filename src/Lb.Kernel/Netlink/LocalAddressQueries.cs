using System.Net;
using Lb.Kernel.Layout;

namespace Lb.Kernel.Netlink;

/// <summary>Whether the host takes packets to an address for its own.</summary>
internal static class LocalAddressQueries
{
    private const ushort Destination = 1; // RTA_DST
    private const byte Local = 2; // RTN_LOCAL

    /// <summary>Asked as a route look-up is made: an address of an interface, or one that a <c>local</c> route covers.</summary>
    public static bool Has(NetlinkSocket netlink, IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        var request = new NetlinkRequest(stackalloc byte[64], MessageType.GetRoute, RequestFlags.Acknowledge);
        request.Append(new RouteHeader
        {
            Family = NativeFamily.Of(address.AddressFamily),
            DestinationLength = (byte)(bytes.Length * 8),
        });
        request.Append(Destination, bytes);
        bool local = false;
        _ = netlink.Request(
            request,
            message => local |= message.Type == MessageType.NewRoute && message.Fixed<RouteHeader>().Type == Local);
        return local;
    }
}
