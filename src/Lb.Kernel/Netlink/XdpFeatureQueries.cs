using System.Runtime.InteropServices;
using Lb.Kernel.Host;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Netlink;

/// <summary>Asks what drivers can do for XDP: the family <c>netdev</c> of generic netlink, since Linux 6.3.</summary>
internal sealed class XdpFeatureQueries : IDisposable
{
    private const MessageType Control = (MessageType)0x10; // GENL_ID_CTRL
    private const byte GetFamily = 3; // CTRL_CMD_GETFAMILY
    private const ushort FamilyId = 1; // CTRL_ATTR_FAMILY_ID
    private const ushort FamilyName = 2; // CTRL_ATTR_FAMILY_NAME
    private const byte GetDevice = 1; // NETDEV_CMD_DEV_GET
    private const ushort DeviceIndex = 1; // NETDEV_A_DEV_IFINDEX
    private const ushort DeviceFeatures = 3; // NETDEV_A_DEV_XDP_FEATURES
    private const byte Version = 1;

    private readonly NetlinkSocket _netlink = new(LibC.ProtocolGeneric);
    private readonly MessageType? _family;

    public XdpFeatureQueries() => _family = FindFamily();

    /// <summary>The features of a device; null when the kernel does not tell.</summary>
    public XdpFeatures? Read(int interfaceIndex)
    {
        if (_family is not { } family)
        {
            return null;
        }

        var request = new NetlinkRequest(stackalloc byte[64], family, RequestFlags.Acknowledge);
        request.Append(new GenericHeader { Command = GetDevice, Version = Version });
        request.Append(DeviceIndex, (uint)interfaceIndex);
        XdpFeatures? features = null;
        Errno errno = _netlink.Request(request, message =>
        {
            NetlinkAttributes attributes = message.Attributes<GenericHeader>();
            while (attributes.MoveNext())
            {
                if (attributes.Type == DeviceFeatures)
                {
                    features = (XdpFeatures)MemoryMarshal.Read<ulong>(attributes.Value);
                }
            }
        });
        return errno == default ? features : null;
    }

    public void Dispose() => _netlink.Dispose();

    private MessageType? FindFamily()
    {
        var request = new NetlinkRequest(stackalloc byte[64], Control, RequestFlags.Acknowledge);
        request.Append(new GenericHeader { Command = GetFamily, Version = Version });
        request.Append(FamilyName, "netdev\0"u8);
        MessageType? family = null;
        Errno errno = _netlink.Request(request, message =>
        {
            NetlinkAttributes attributes = message.Attributes<GenericHeader>();
            while (attributes.MoveNext())
            {
                if (attributes.Type == FamilyId)
                {
                    family = (MessageType)MemoryMarshal.Read<ushort>(attributes.Value);
                }
            }
        });
        return errno == default ? family : null;
    }

    /// <summary><c>struct genlmsghdr</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct GenericHeader
    {
        public byte Command;
        public byte Version;
        private readonly ushort _reserved;
    }
}
