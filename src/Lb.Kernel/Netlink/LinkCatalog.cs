using System.Net.NetworkInformation;
using System.Runtime.InteropServices;
using System.Text;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Netlink;

/// <summary>An interface among all.</summary>
/// <param name="Index">Its index.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Kind of a device that is made by software; null for hardware.</param>
/// <param name="Flags">State and kind.</param>
/// <param name="Mtu">Layer-3 bytes.</param>
/// <param name="AddressLength">Bytes of its link-layer address.</param>
/// <param name="Lower">Index of the device that it rests on; 0 when there is none in this namespace.</param>
/// <param name="Xdp">Its XDP program.</param>
internal sealed record LinkEntry(
    int Index, string Name, string? Kind, LinkFlags Flags, int Mtu, int AddressLength, int Lower, XdpState Xdp)
{
    /// <summary>Its link-layer address; empty where it has none.</summary>
    public PhysicalAddress LinkLayer { get; init; } = PhysicalAddress.None;
}

/// <summary>All interfaces of a network namespace at once.</summary>
internal static class LinkCatalog
{
    private const ushort Address = 1; // IFLA_ADDRESS
    private const ushort Name = 3; // IFLA_IFNAME
    private const ushort Mtu = 4; // IFLA_MTU
    private const ushort Lower = 5; // IFLA_LINK
    private const ushort Information = 18; // IFLA_LINKINFO
    private const ushort Kind = 1; // IFLA_INFO_KIND
    private const ushort LowerNamespace = 37; // IFLA_LINK_NETNSID

    /// <summary>Reads them.</summary>
    public static IReadOnlyList<LinkEntry> Read(NetlinkSocket netlink)
    {
        var request = new NetlinkRequest(stackalloc byte[64], MessageType.GetLink, RequestFlags.Dump);
        request.Append(default(LinkQueries.LinkHeader));
        var links = new List<LinkEntry>();
        Errno errno = netlink.Request(request, message =>
        {
            if (message.Type == MessageType.NewLink)
            {
                links.Add(Parse(message));
            }
        });
        return errno == default ? links : throw Failure.Of("RTM_GETLINK", errno);
    }

    /// <summary>Sets an interface up.</summary>
    public static void SetUp(NetlinkSocket netlink, int index)
    {
        var request = new NetlinkRequest(stackalloc byte[64], MessageType.NewLink, RequestFlags.Acknowledge);
        request.Append(new LinkQueries.LinkHeader
        {
            Index = index,
            Flags = LinkFlags.Up,
            Change = (uint)LinkFlags.Up,
        });
        Errno errno = netlink.Request(request, _ => { });
        if (errno != default)
        {
            throw Failure.Of($"RTM_NEWLINK({index}, up)", errno);
        }
    }

    private static LinkEntry Parse(NetlinkMessage message)
    {
        LinkQueries.LinkHeader header = message.Fixed<LinkQueries.LinkHeader>();
        var link = new LinkEntry(header.Index, "", null, header.Flags, 0, 0, 0, default);
        bool elsewhere = false;
        NetlinkAttributes attributes = message.Attributes<LinkQueries.LinkHeader>();
        while (attributes.MoveNext())
        {
            ReadOnlySpan<byte> value = attributes.Value;
            elsewhere |= attributes.Type == LowerNamespace;
            link = attributes.Type switch
            {
                Address => link with { AddressLength = value.Length, LinkLayer = new PhysicalAddress(value.ToArray()) },
                Name => link with { Name = Text(value) },
                Mtu => link with { Mtu = MemoryMarshal.Read<int>(value) },
                Lower => link with { Lower = MemoryMarshal.Read<int>(value) },
                Information => link with { Kind = ParseKind(value) },
                LinkQueries.XdpAttribute => link with { Xdp = LinkQueries.ParseXdp(value) },
                _ => link,
            };
        }

        return elsewhere ? link with { Lower = 0 } : link;
    }

    private static string? ParseKind(ReadOnlySpan<byte> value)
    {
        var nested = new NetlinkAttributes(value);
        while (nested.MoveNext())
        {
            if (nested.Type == Kind)
            {
                return Text(nested.Value);
            }
        }

        return null;
    }

    private static string Text(ReadOnlySpan<byte> value) => Encoding.UTF8.GetString(value.TrimEnd((byte)0));
}
