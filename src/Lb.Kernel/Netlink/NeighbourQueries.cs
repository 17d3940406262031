using System.Net;
using System.Net.NetworkInformation;
using System.Runtime.InteropServices;
using Lb.Kernel.Interop;
using Lb.Kernel.Layout;

namespace Lb.Kernel.Netlink;

/// <summary>An entry of the neighbour table.</summary>
/// <param name="InterfaceIndex">Of the link.</param>
/// <param name="IP">The neighbour.</param>
/// <param name="State">Its state.</param>
/// <param name="Address">Its link-layer address; empty while not known.</param>
internal sealed record Neighbour(int InterfaceIndex, IPAddress? IP, NeighbourState State, PhysicalAddress Address)
{
    /// <summary>Whether packets can be sent to its link-layer address.</summary>
    public bool Usable => (State & NeighbourState.Usable) != NeighbourState.None;
}

/// <summary>Questions about neighbours.</summary>
internal static class NeighbourQueries
{
    private const ushort Destination = 1; // NDA_DST
    private const ushort LinkLayerAddress = 2; // NDA_LLADDR
    private const byte Use = 1; // NTF_USE

    /// <summary>Looks a neighbour up; null when there is no entry, or no such interface any more.</summary>
    public static Neighbour? Find(NetlinkSocket netlink, int interfaceIndex, IPAddress ip)
    {
        NetlinkRequest request = About(
            stackalloc byte[64], MessageType.GetNeighbour, RequestFlags.Acknowledge, interfaceIndex, ip, flags: 0);
        Neighbour? found = null;
        Errno errno = netlink.Request(request, message => found = Parse(message));
        return errno is default(Errno) or Errno.ENOENT or Errno.ENODEV
            ? found
            : throw Failure.Of($"RTM_GETNEIGH({ip})", errno);
    }

    /// <summary>Has the kernel resolve a neighbour, or confirm one that it has not heard of for long.</summary>
    /// <returns>False when the kernel will not, as when the link went down meanwhile.</returns>
    public static bool Ask(NetlinkSocket netlink, int interfaceIndex, IPAddress ip)
    {
        NetlinkRequest request = About(
            stackalloc byte[64],
            MessageType.NewNeighbour,
            RequestFlags.Acknowledge | RequestFlags.Create,
            interfaceIndex,
            ip,
            Use);
        return netlink.Request(request, _ => { }) == default;
    }

    /// <summary>Has the kernel ask a neighbour that it knows whether it is still there.</summary>
    /// <returns>False when the kernel will not.</returns>
    public static bool Confirm(NetlinkSocket netlink, int interfaceIndex, IPAddress ip)
    {
        NetlinkRequest request = About(
            stackalloc byte[64],
            MessageType.NewNeighbour,
            RequestFlags.Acknowledge | RequestFlags.Create,
            interfaceIndex,
            ip,
            flags: 0,
            NeighbourState.Probe);
        return netlink.Request(request, _ => { }) == default;
    }

    /// <summary>Removes an entry, if it is there.</summary>
    public static void Remove(NetlinkSocket netlink, int interfaceIndex, IPAddress ip) => netlink.Request(
        About(stackalloc byte[64], MessageType.DeleteNeighbour, RequestFlags.Acknowledge, interfaceIndex, ip, flags: 0),
        _ => { });

    /// <summary>Reads a message about a neighbour.</summary>
    public static Neighbour Parse(NetlinkMessage message)
    {
        NeighbourHeader header = message.Fixed<NeighbourHeader>();
        IPAddress? ip = null;
        PhysicalAddress address = PhysicalAddress.None;
        NetlinkAttributes attributes = message.Attributes<NeighbourHeader>();
        while (attributes.MoveNext())
        {
            if (attributes.Type == Destination && header.Family is NativeFamily.Inet or NativeFamily.Inet6)
            {
                ip = new IPAddress(attributes.Value);
            }
            else if (attributes.Type == LinkLayerAddress)
            {
                address = new PhysicalAddress(attributes.Value.ToArray());
            }
        }

        return new Neighbour(header.InterfaceIndex, ip, header.State, address);
    }

    private static NetlinkRequest About(
        Span<byte> buffer,
        MessageType type,
        RequestFlags request,
        int interfaceIndex,
        IPAddress ip,
        byte flags,
        NeighbourState state = NeighbourState.None)
    {
        var message = new NetlinkRequest(buffer, type, request);
        message.Append(new NeighbourHeader
        {
            Family = NativeFamily.Of(ip.AddressFamily),
            InterfaceIndex = interfaceIndex,
            State = state,
            Flags = flags,
        });
        message.Append(Destination, ip);
        return message;
    }

    /// <summary><c>struct ndmsg</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct NeighbourHeader
    {
        public byte Family;
        private readonly byte _padding1;
        private readonly ushort _padding2;
        public int InterfaceIndex;
        public NeighbourState State;
        public byte Flags;
        public byte Type;
    }
}
