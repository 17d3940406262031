using System.Net;
using System.Net.Sockets;

namespace Lb.Netns.Tests.Topologies;

/// <summary>The address plan of every topology.</summary>
internal static class Addresses
{
    /// <summary>Port of the backends' servers, and of services that do not translate it.</summary>
    public const int ServerPort = 8080;

    /// <summary>Port of nat services: another than the servers', so that translation is seen.</summary>
    public const int ServicePort = 80;

    private static readonly IPAddress Client4 = IPAddress.Parse("10.77.1.2");
    private static readonly IPAddress Client6 = IPAddress.Parse("fd77:1::2");

    public static readonly IPAddress NatVip4 = IPAddress.Parse("203.0.113.10");
    public static readonly IPAddress NatVip6 = IPAddress.Parse("2001:db8:77::10");

    public static readonly IPAddress DsrVip4 = IPAddress.Parse("203.0.113.20");
    public static readonly IPAddress DsrVip6 = IPAddress.Parse("2001:db8:77::20");

    /// <summary>An IPv4 VIP whose backends are reached over IPv6.</summary>
    public static readonly IPAddress MixedVip4 = IPAddress.Parse("203.0.113.30");

    public static readonly IPAddress RelayVip4 = IPAddress.Parse("203.0.113.40");
    public static readonly IPAddress RelayVip6 = IPAddress.Parse("2001:db8:77::40");

    public static readonly IPAddress GueVip4 = IPAddress.Parse("203.0.113.50");
    public static readonly IPAddress GueVip6 = IPAddress.Parse("2001:db8:77::50");

    /// <summary>VIPs whose backends are reached over the other family.</summary>
    public static readonly IPAddress MixedGueVip4 = IPAddress.Parse("203.0.113.51");
    public static readonly IPAddress MixedGueVip6 = IPAddress.Parse("2001:db8:77::51");

    public static readonly IPAddress L2Vip4 = IPAddress.Parse("203.0.113.60");
    public static readonly IPAddress L2Vip6 = IPAddress.Parse("2001:db8:77::60");

    /// <summary>VIPs that backends hold themselves, since packets for them arrive as clients have sent them.</summary>
    public static IReadOnlyList<IPAddress> DsrVips { get; } =
        [DsrVip4, DsrVip6, MixedVip4, GueVip4, GueVip6, MixedGueVip4, MixedGueVip6, L2Vip4, L2Vip6];

    public static IPAddress ClientOf(AddressFamily family) =>
        family == AddressFamily.InterNetwork ? Client4 : Client6;

    public static IPAddress Backend4(int number) => IPAddress.Parse($"10.77.2.{10 + number}");

    public static IPAddress Backend6(int number) => IPAddress.Parse($"fd77:2::{10 + number}");
}
