using System.Net;
using System.Runtime.InteropServices;
using Lb.Kernel.Interop;
using Lb.Kernel.Layout;

namespace Lb.Kernel.Netlink;

/// <summary>An address of an interface, with what tells who put it there.</summary>
/// <param name="InterfaceIndex">Index of the interface.</param>
/// <param name="Address">The address.</param>
/// <param name="PrefixLength">Bits of its network.</param>
/// <param name="IsHeld">
/// An announcer put it there: it has an end, and no connection of the host's own is to come from it.
/// </param>
internal sealed record InterfaceAddress(int InterfaceIndex, IPAddress Address, byte PrefixLength, bool IsHeld);

/// <summary>Addresses that a node holds for a time: the kernel takes them away when it does not renew them.</summary>
internal static class HeldAddressRequests
{
    /// <summary>Marks an address as one that an announcer of ours put there; a number that nobody else uses.</summary>
    public const byte Owner = 187;

    private const ushort AddressAttribute = 1; // IFA_ADDRESS
    private const ushort LocalAttribute = 2; // IFA_LOCAL
    private const ushort LifetimeAttribute = 6; // IFA_CACHEINFO
    private const ushort FlagsAttribute = 8; // IFA_FLAGS
    private const ushort OwnerAttribute = 11; // IFA_PROTO, since Linux 5.18
    private const uint NoDuplicateDetection = 0x02; // IFA_F_NODAD
    private const uint NoPrefixRoute = 0x200; // IFA_F_NOPREFIXROUTE
    private const uint Infinity = uint.MaxValue;
    private const RequestFlags CreateOrReplace = RequestFlags.Create | RequestFlags.Root; // NLM_F_REPLACE is NLM_F_ROOT's bit

    /// <summary>Reads all addresses of all interfaces.</summary>
    public static List<InterfaceAddress> ReadAll(NetlinkSocket netlink)
    {
        var request = new NetlinkRequest(stackalloc byte[64], MessageType.GetAddress, RequestFlags.Dump);
        request.Append(new AddressQueries.AddressHeader { Family = NativeFamily.Unspecified });
        var addresses = new List<InterfaceAddress>();
        Errno errno = netlink.Request(request, message =>
        {
            if (message.Type == MessageType.NewAddress && AddressQueries.Parse(message) is { } address)
            {
                addresses.Add(Parse(message, address));
            }
        });
        return errno == default ? addresses : throw Failure.Of("RTM_GETADDR", errno);
    }

    /// <summary>
    /// Puts an address on an interface for a time, or gives one that is there that much time again. It is at once in
    /// use, and no source of connections of the host's own.
    /// </summary>
    public static void Hold(NetlinkSocket netlink, int interfaceIndex, IPAddress address, TimeSpan lifetime)
    {
        var request = new NetlinkRequest(
            stackalloc byte[128], MessageType.NewAddress, CreateOrReplace | RequestFlags.Acknowledge);
        Append(ref request, interfaceIndex, address);
        request.Append(
            LifetimeAttribute,
            MemoryMarshal.AsBytes([new Lifetime { Valid = (uint)Math.Ceiling(lifetime.TotalSeconds) }]));
        request.Append(FlagsAttribute, NoDuplicateDetection | NoPrefixRoute);
        request.Append(OwnerAttribute, [Owner]);
        Errno errno = netlink.Request(request, _ => { });
        if (errno != default)
        {
            throw Failure.Of($"RTM_NEWADDR({address})", errno);
        }
    }

    /// <summary>Takes an address from an interface, if it is there.</summary>
    public static void Release(NetlinkSocket netlink, int interfaceIndex, IPAddress address)
    {
        var request = new NetlinkRequest(stackalloc byte[128], MessageType.DeleteAddress, RequestFlags.Acknowledge);
        Append(ref request, interfaceIndex, address);
        Errno errno = netlink.Request(request, _ => { });
        if (errno is not (default(Errno) or Errno.EADDRNOTAVAIL or Errno.ENODEV))
        {
            throw Failure.Of($"RTM_DELADDR({address})", errno);
        }
    }

    private static void Append(ref NetlinkRequest request, int interfaceIndex, IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        request.Append(new AddressQueries.AddressHeader
        {
            Family = NativeFamily.Of(address.AddressFamily),
            PrefixLength = (byte)(bytes.Length * 8),
            InterfaceIndex = (uint)interfaceIndex,
        });
        request.Append(LocalAttribute, bytes);
        request.Append(AddressAttribute, bytes);
    }

    private static InterfaceAddress Parse(NetlinkMessage message, IPAddress address)
    {
        AddressQueries.AddressHeader header = message.Fixed<AddressQueries.AddressHeader>();
        bool held = false;
        bool others = false;
        NetlinkAttributes attributes = message.Attributes<AddressQueries.AddressHeader>();
        while (attributes.MoveNext())
        {
            if (attributes.Type == LifetimeAttribute)
            {
                held = MemoryMarshal.Read<Lifetime>(attributes.Value) is { Preferred: 0, Valid: not Infinity };
            }
            else if (attributes.Type == OwnerAttribute)
            {
                others = attributes.Value[0] is not (0 or Owner);
            }
        }

        // A kernel before 5.18 does not keep who put it there; what has an end and is not preferred is of no one else's kind.
        held &= !others && header.PrefixLength == address.GetAddressBytes().Length * 8;
        return new InterfaceAddress((int)header.InterfaceIndex, address, header.PrefixLength, held);
    }

    /// <summary><c>struct ifa_cacheinfo</c>: seconds, then hundredths of a second of the host's running time.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Lifetime
    {
        public uint Preferred;
        public uint Valid;
        private readonly uint _created;
        private readonly uint _updated;
    }
}
