using System.Net;
using System.Runtime.InteropServices;
using Lb.Kernel.Interop;
using Lb.Kernel.Layout;

namespace Lb.Kernel.Netlink;

/// <summary>Questions about the node's addresses.</summary>
internal static class AddressQueries
{
    private const ushort Address = 1; // IFA_ADDRESS: of the peer, on a point-to-point link
    private const ushort Local = 2; // IFA_LOCAL

    /// <summary>Reads all addresses of all interfaces.</summary>
    public static HashSet<IPAddress> ReadAll(NetlinkSocket netlink) =>
        [.. ReadByInterface(netlink).Select(pair => pair.Address)];

    /// <summary>Reads all addresses with the index of their interface.</summary>
    public static List<(int InterfaceIndex, IPAddress Address)> ReadByInterface(NetlinkSocket netlink)
    {
        var request = new NetlinkRequest(stackalloc byte[64], MessageType.GetAddress, RequestFlags.Dump);
        request.Append(new AddressHeader { Family = NativeFamily.Unspecified });
        var addresses = new List<(int InterfaceIndex, IPAddress Address)>();
        Errno errno = netlink.Request(request, message =>
        {
            if (message.Type == MessageType.NewAddress && Parse(message) is { } address)
            {
                addresses.Add(((int)message.Fixed<AddressHeader>().InterfaceIndex, address));
            }
        });
        return errno == default ? addresses : throw Failure.Of("RTM_GETADDR", errno);
    }

    /// <summary>The address that a message is about; null for one that has none.</summary>
    internal static IPAddress? Parse(NetlinkMessage message)
    {
        IPAddress? address = null;
        IPAddress? local = null;
        NetlinkAttributes attributes = message.Attributes<AddressHeader>();
        while (attributes.MoveNext())
        {
            if (attributes.Type == Address)
            {
                address = new IPAddress(attributes.Value);
            }
            else if (attributes.Type == Local)
            {
                local = new IPAddress(attributes.Value);
            }
        }

        return local ?? address;
    }

    /// <summary><c>struct ifaddrmsg</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct AddressHeader
    {
        public byte Family;
        public byte PrefixLength;
        public byte Flags;
        public byte Scope;
        public uint InterfaceIndex;
    }
}
