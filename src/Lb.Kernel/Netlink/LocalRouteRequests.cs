using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Lb.Kernel.Interop;
using Lb.Kernel.Layout;

namespace Lb.Kernel.Netlink;

/// <summary>The route that takes every packet for one of the host's own, in a table of its own.</summary>
internal static class LocalRouteRequests
{
    private const ushort OutgoingInterface = 4; // RTA_OIF
    private const ushort TableAttribute = 15; // RTA_TABLE
    private const ushort Destination = 1; // RTA_DST
    private const byte Local = 2; // RTN_LOCAL
    private const byte ScopeHost = 254; // RT_SCOPE_HOST
    private const byte Static = 4; // RTPROT_STATIC
    private const int Loopback = 1; // of each network namespace

    /// <summary>Adds the route, unless it is there.</summary>
    public static void Add(NetlinkSocket netlink, AddressFamily family, uint table)
    {
        Errno errno = Change(
            netlink, family, table, MessageType.NewRoute, RequestFlags.CreateNew);
        if (errno is not (default(Errno) or Errno.EEXIST))
        {
            throw Failure.Of(
                $"RTM_NEWROUTE(local default, table {table})",
                errno,
                errno == Errno.ENETDOWN ? "The interface lo is down: `ip link set lo up`." : null);
        }
    }

    /// <summary>Deletes the route if it is there.</summary>
    public static void Delete(NetlinkSocket netlink, AddressFamily family, uint table)
    {
        Errno errno = Change(netlink, family, table, MessageType.DeleteRoute, RequestFlags.None);
        if (errno is not (default(Errno) or Errno.ESRCH or Errno.ENOENT or Errno.EAFNOSUPPORT or Errno.EOPNOTSUPP))
        {
            throw Failure.Of($"RTM_DELROUTE(local default, table {table})", errno);
        }
    }

    /// <summary>
    /// Whether a packet with the mark is taken: asked as a route look-up is made, by rule and table together.
    /// </summary>
    public static bool Takes(NetlinkSocket netlink, AddressFamily family, uint mark, uint table)
    {
        const ushort Mark = 16; // RTA_MARK
        const uint TellTable = 0x1000; // RTM_F_LOOKUP_TABLE

        // An address of documentation, which is no host's.
        var anywhere = IPAddress.Parse(family == AddressFamily.InterNetwork ? "203.0.113.254" : "2001:db8:ffff::fffe");
        byte[] bytes = anywhere.GetAddressBytes();
        var request = new NetlinkRequest(stackalloc byte[96], MessageType.GetRoute, RequestFlags.Acknowledge);
        request.Append(new RouteHeader
        {
            Family = NativeFamily.Of(family),
            DestinationLength = (byte)(bytes.Length * 8),
            Flags = TellTable,
        });
        request.Append(Destination, bytes);
        request.Append(Mark, mark);
        bool taken = false;
        _ = netlink.Request(request, message =>
        {
            if (message.Type != MessageType.NewRoute || message.Fixed<RouteHeader>().Type != Local)
            {
                return;
            }

            NetlinkAttributes attributes = message.Attributes<RouteHeader>();
            while (attributes.MoveNext())
            {
                taken |= attributes.Type == TableAttribute && MemoryMarshal.Read<uint>(attributes.Value) == table;
            }
        });
        return taken;
    }

    private static Errno Change(
        NetlinkSocket netlink, AddressFamily family, uint table, MessageType type, RequestFlags flags)
    {
        var request = new NetlinkRequest(stackalloc byte[96], type, flags | RequestFlags.Acknowledge);
        request.Append(new RouteHeader
        {
            Family = NativeFamily.Of(family),
            Protocol = Static,
            Scope = ScopeHost,
            Type = Local,
        });
        request.Append(TableAttribute, table);
        request.Append(OutgoingInterface, (uint)Loopback);
        return netlink.Request(request, _ => { });
    }
}
