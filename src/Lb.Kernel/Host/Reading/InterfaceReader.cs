using System.Net;
using Lb.Kernel.Ethtool;
using Lb.Kernel.Layout;
using Lb.Kernel.Netlink;

namespace Lb.Kernel.Host.Reading;

/// <summary>Reads everything about single interfaces.</summary>
internal sealed class InterfaceReader(
    IReadOnlyList<LinkEntry> links,
    IReadOnlyList<(int InterfaceIndex, IPAddress Address)> addresses,
    ProgramReader? programs,
    XdpFeatureQueries features,
    EthtoolSocket ethtool,
    Guard guard)
{
    public InterfaceFacts Read(LinkEntry link) => new(link.Name, link.Index)
    {
        Kind = link.Kind,
        Driver = ethtool.ReadDriver(link.Name),
        Up = link.Flags.HasFlag(LinkFlags.Up),
        Carrier = link.Flags.HasFlag(LinkFlags.Carrier),
        Mtu = link.Mtu,
        Ethernet = IsEthernet(link),
        CarriesVlans = links.Any(other => other.Kind == "vlan" && other.Lower == link.Index),
        Addresses = [.. addresses.Where(pair => pair.InterfaceIndex == link.Index).Select(pair => pair.Address)],
        Features = features.Read(link.Index),
        Xdp = guard.Read($"XDP program of {link.Name}", null, () => programs?.ReadXdp(link)),
        TrafficControl = guard.Read(
            $"tc programs of {link.Name}", [], () => programs?.ReadTrafficControl(link.Index) ?? []),
        Channels = ethtool.ReadChannels(link.Name),
        Offloads = ethtool.ReadFeatures(link.Name),
        IPv4 = SettingsReader.ReadIPv4(link.Name),
        IPv6 = SettingsReader.ReadIPv6(link.Name),
    };

    /// <summary>Whether frames with addresses of Ethernet go over it.</summary>
    public static bool IsEthernet(LinkEntry link) =>
        !link.Flags.HasFlag(LinkFlags.Loopback) && link.AddressLength == Mac.Size;
}
