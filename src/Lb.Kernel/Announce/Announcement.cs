using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Lb.Kernel.Layout;

namespace Lb.Kernel;

/// <summary>The frames by which a host tells its network where an address is.</summary>
internal static class Announcement
{
    /// <summary>Bytes of the longest.</summary>
    public const int LongestFrame = EthernetHeader + IPv6Header + AdvertisementSize;

    private const int EthernetHeader = 14;
    private const int ArpSize = 28;
    private const int IPv6Header = 40;
    private const int AdvertisementSize = 32;
    private const ushort TypeArp = 0x0806;
    private const ushort TypeIPv6 = 0x86dd;
    private const byte NextHeaderIcmp = 58;
    private const byte NeighbourAdvertisement = 136;
    private const byte Override = 0x20;
    private const byte Router = 0x80;
    private const byte TargetLinkLayer = 2;

    private static readonly byte[] AllNodes = IPAddress.Parse("ff02::1").GetAddressBytes();
    private static readonly byte[] AllNodesFrame = [0x33, 0x33, 0, 0, 0, 1];

    /// <summary>How ARP says it: hosts differ in which of the two they listen to.</summary>
    public enum ArpOperation : ushort
    {
        /// <summary>As a question that nobody answers.</summary>
        Request = 1,

        /// <summary>As an answer that nobody asked for.</summary>
        Reply = 2,
    }

    /// <summary>Writes gratuitous ARP and returns its length.</summary>
    public static int WriteArp(Span<byte> to, PhysicalAddress from, IPAddress vip, ArpOperation operation)
    {
        byte[] mac = from.GetAddressBytes();
        byte[] address = vip.GetAddressBytes();
        to[..Mac.Size].Fill(0xff);
        mac.CopyTo(to[Mac.Size..]);
        BinaryPrimitives.WriteUInt16BigEndian(to[12..], TypeArp);
        Span<byte> arp = to.Slice(EthernetHeader, ArpSize);
        BinaryPrimitives.WriteUInt16BigEndian(arp, 1);
        BinaryPrimitives.WriteUInt16BigEndian(arp[2..], 0x0800);
        arp[4] = Mac.Size;
        arp[5] = 4;
        BinaryPrimitives.WriteUInt16BigEndian(arp[6..], (ushort)operation);
        mac.CopyTo(arp[8..]);
        address.CopyTo(arp[14..]);

        // Of a reply that nobody asked for, Linux takes only one whose target is its sender.
        arp.Slice(18, Mac.Size).Clear();
        if (operation == ArpOperation.Reply)
        {
            mac.CopyTo(arp[18..]);
        }

        address.CopyTo(arp[24..]);
        return EthernetHeader + ArpSize;
    }

    /// <summary>
    /// Writes an unsolicited neighbour advertisement and returns its length. Of a host that forwards it says so, as the
    /// kernel's own do: neighbours may forget a router that says that it is none.
    /// </summary>
    public static int WriteAdvertisement(Span<byte> to, PhysicalAddress from, IPAddress vip, bool isRouter)
    {
        byte[] mac = from.GetAddressBytes();
        byte[] address = vip.GetAddressBytes();
        to[..LongestFrame].Clear();
        AllNodesFrame.CopyTo(to);
        mac.CopyTo(to[Mac.Size..]);
        BinaryPrimitives.WriteUInt16BigEndian(to[12..], TypeIPv6);
        Span<byte> header = to.Slice(EthernetHeader, IPv6Header);
        header[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(header[4..], AdvertisementSize);
        header[6] = NextHeaderIcmp;
        header[7] = 255;
        address.CopyTo(header[8..]);
        AllNodes.CopyTo(header[24..]);
        Span<byte> body = to.Slice(EthernetHeader + IPv6Header, AdvertisementSize);
        body[0] = NeighbourAdvertisement;
        body[4] = (byte)(isRouter ? Override | Router : Override);
        address.CopyTo(body[8..]);
        body[24] = TargetLinkLayer;
        body[25] = 1;
        mac.CopyTo(body[26..]);
        BinaryPrimitives.WriteUInt16BigEndian(body[2..], Checksum(header[8..40], body));
        return LongestFrame;
    }

    /// <summary>Whether an address is announced by ARP.</summary>
    public static bool ByArp(IPAddress vip) => vip.AddressFamily == AddressFamily.InterNetwork;

    private static ushort Checksum(ReadOnlySpan<byte> addresses, ReadOnlySpan<byte> body)
    {
        uint sum = Sum(addresses) + Sum(body) + AdvertisementSize + NextHeaderIcmp;
        while (sum > ushort.MaxValue)
        {
            sum = (sum & ushort.MaxValue) + (sum >> 16);
        }

        return (ushort)~sum;
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (int i = 0; i < bytes.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes[i..]);
        }

        return sum;
    }
}
