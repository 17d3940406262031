using System.Net.NetworkInformation;
using System.Runtime.InteropServices;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Netlink;

/// <summary>What an interface is like.</summary>
/// <param name="Address">Link-layer address; empty where it has none.</param>
/// <param name="Mtu">Layer-3 bytes.</param>
/// <param name="Flags">State and kind.</param>
internal sealed record LinkState(PhysicalAddress Address, int Mtu, LinkFlags Flags);

/// <summary>The XDP program of an interface.</summary>
/// <param name="ProgramId">0 when there is none.</param>
/// <param name="Native">In the driver.</param>
internal readonly record struct XdpState(uint ProgramId, bool Native);

/// <summary>Questions about interfaces.</summary>
internal static class LinkQueries
{
    private const ushort AddressAttribute = 1; // IFLA_ADDRESS
    private const ushort MtuAttribute = 4; // IFLA_MTU
    private const ushort DetailAttribute = 29; // IFLA_EXT_MASK
    internal const ushort XdpAttribute = 43; // IFLA_XDP
    private const ushort XdpAttachedAttribute = 2; // IFLA_XDP_ATTACHED
    private const ushort XdpProgramAttribute = 4; // IFLA_XDP_PROG_ID
    private const uint WithoutStatistics = 1 << 3; // RTEXT_FILTER_SKIP_STATS
    private const byte AttachedNative = 1; // XDP_ATTACHED_DRV

    private delegate void AttributeHandler(ushort type, ReadOnlySpan<byte> value);

    /// <summary>Reads an interface; null when there is none of that index.</summary>
    public static LinkState? Read(NetlinkSocket netlink, int index)
    {
        PhysicalAddress address = PhysicalAddress.None;
        int mtu = 0;
        LinkFlags? flags = Ask(netlink, index, (type, value) =>
        {
            if (type == AddressAttribute)
            {
                address = new PhysicalAddress(value.ToArray());
            }
            else if (type == MtuAttribute)
            {
                mtu = MemoryMarshal.Read<int>(value);
            }
        });
        return flags is null ? null : new LinkState(address, mtu, flags.Value);
    }

    /// <summary>Reads which XDP program an interface has.</summary>
    public static XdpState ReadXdp(NetlinkSocket netlink, int index)
    {
        XdpState state = default;
        Ask(netlink, index, (type, value) =>
        {
            if (type == XdpAttribute)
            {
                state = ParseXdp(value);
            }
        });
        return state;
    }

    /// <summary>Reads the attribute that says which program an interface has.</summary>
    internal static XdpState ParseXdp(ReadOnlySpan<byte> value)
    {
        XdpState state = default;
        var nested = new NetlinkAttributes(value);
        while (nested.MoveNext())
        {
            if (nested.Type == XdpAttachedAttribute)
            {
                state = state with { Native = nested.Value[0] == AttachedNative };
            }
            else if (nested.Type == XdpProgramAttribute)
            {
                state = state with { ProgramId = MemoryMarshal.Read<uint>(nested.Value) };
            }
        }

        return state;
    }

    private static LinkFlags? Ask(NetlinkSocket netlink, int index, AttributeHandler handler)
    {
        var request = new NetlinkRequest(stackalloc byte[64], MessageType.GetLink, RequestFlags.Acknowledge);
        request.Append(new LinkHeader { Index = index });
        request.Append(DetailAttribute, WithoutStatistics);
        LinkFlags? flags = null;
        Errno errno = netlink.Request(request, message =>
        {
            flags = message.Fixed<LinkHeader>().Flags;
            NetlinkAttributes attributes = message.Attributes<LinkHeader>();
            while (attributes.MoveNext())
            {
                handler(attributes.Type, attributes.Value);
            }
        });
        return errno is default(Errno) or Errno.ENODEV ? flags : throw Failure.Of($"RTM_GETLINK({index})", errno);
    }

    /// <summary><c>struct ifinfomsg</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct LinkHeader
    {
        public byte Family;
        private readonly byte _padding;
        public ushort HardwareType;
        public int Index;
        public LinkFlags Flags;
        public uint Change;
    }
}
