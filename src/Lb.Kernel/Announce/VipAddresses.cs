using System.Collections.Immutable;
using System.Net;
using Lb.Kernel.Host.Reading;
using Lb.Kernel.Netlink;

namespace Lb.Kernel;

/// <summary>
/// VIPs on the interfaces of the network namespace where it is made. Every address that it puts there ends by itself
/// when it is not renewed: a process that is killed or halted answers no longer than that.
/// </summary>
public sealed class VipAddresses : IVipAddresses
{
    private readonly Lock _gate = new();
    private readonly NetlinkSocket _netlink = new();
    private AnnouncementSocket? _announcements;

    /// <inheritdoc/>
    public VipHost Read()
    {
        lock (_gate)
        {
            return new VipHost(
                LinkCatalog.Read(_netlink).ToImmutableDictionary(link => link.Name, Interface),
                [.. HeldAddressRequests.ReadAll(_netlink).Select(Address)]);
        }
    }

    /// <inheritdoc/>
    public void Hold(int interfaceIndex, IPAddress vip, TimeSpan lifetime)
    {
        ArgumentNullException.ThrowIfNull(vip);
        lock (_gate)
        {
            HeldAddressRequests.Hold(_netlink, interfaceIndex, vip, lifetime);
        }
    }

    /// <inheritdoc/>
    public void Release(int interfaceIndex, IPAddress vip)
    {
        ArgumentNullException.ThrowIfNull(vip);
        lock (_gate)
        {
            HeldAddressRequests.Release(_netlink, interfaceIndex, vip);
        }
    }

    /// <inheritdoc/>
    public void Announce(VipInterface at, IPAddress vip)
    {
        ArgumentNullException.ThrowIfNull(at);
        ArgumentNullException.ThrowIfNull(vip);
        lock (_gate)
        {
            _announcements ??= new AnnouncementSocket();
            bool isRouter = !Announcement.ByArp(vip) && SettingsReader.ReadIPv6(at.Name) is { Forwarding: true };
            _announcements.Send(at.Index, at.Address, vip, isRouter);
        }
    }

    /// <summary>Takes those of the addresses away that an announcer left, and returns how many there were.</summary>
    /// <exception cref="KernelException">The kernel refuses.</exception>
    public static int Cleanup(IReadOnlySet<IPAddress> vips)
    {
        using NetlinkSocket netlink = new();
        List<InterfaceAddress> left =
            [.. HeldAddressRequests.ReadAll(netlink).Where(held => held.IsHeld && vips.Contains(held.Address))];
        foreach (InterfaceAddress address in left)
        {
            HeldAddressRequests.Release(netlink, address.InterfaceIndex, address.Address);
        }

        return left.Count;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _announcements?.Dispose();
            _netlink.Dispose();
        }
    }

    private static VipInterface Interface(LinkEntry link) => new(
        link.Index,
        link.Name,
        link.LinkLayer,
        (link.Flags & (LinkFlags.Up | LinkFlags.Carrier)) == (LinkFlags.Up | LinkFlags.Carrier));

    private static VipAddress Address(InterfaceAddress address) => new(
        address.InterfaceIndex,
        new IPNetwork(Mask(address.Address, address.PrefixLength), address.PrefixLength),
        address.Address,
        address.IsHeld);

    private static IPAddress Mask(IPAddress address, byte length)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] &= (byte)(0xff << (8 - Math.Clamp(length - (i * 8), 0, 8)));
        }

        return new IPAddress(bytes);
    }
}
