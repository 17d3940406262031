using System.Net;

namespace Lb.Datapath.Tests.Packets;

/// <summary>Who takes part; tests name them and never an address.</summary>
internal static class Roles
{
    public static readonly Mac GatewayMac = new(0x02_00_00_00_00_01);
    public static readonly Mac NodeMac = new(0x02_00_00_00_00_02);

    public static readonly IPEndPoint Client4 = IPEndPoint.Parse("198.51.100.7:40001");
    public static readonly IPEndPoint OtherClient4 = IPEndPoint.Parse("198.51.100.8:40002");
    public static readonly IPEndPoint Vip4 = IPEndPoint.Parse("192.0.2.10:80");
    public static readonly IPEndPoint NodeIp4 = IPEndPoint.Parse("10.1.0.2:0");
    public static readonly IPEndPoint Stranger4 = IPEndPoint.Parse("203.0.113.99:80");

    public static readonly IPEndPoint Unresolved4 = IPEndPoint.Parse("10.2.0.77:40003");

    /// <summary>Behind a route that takes less than the interface.</summary>
    public static readonly IPEndPoint Narrow4 = IPEndPoint.Parse("198.51.100.200:40004");

    public static readonly IPEndPoint Client6 = IPEndPoint.Parse("[2001:db8:c::7]:40001");
    public static readonly IPEndPoint OtherClient6 = IPEndPoint.Parse("[2001:db8:c::8]:40002");
    public static readonly IPEndPoint Vip6 = IPEndPoint.Parse("[2001:db8:f::10]:80");
    public static readonly IPEndPoint NodeIp6 = IPEndPoint.Parse("[2001:db8:1::2]:0");
    public static readonly IPEndPoint Stranger6 = IPEndPoint.Parse("[2001:db8:dead::99]:80");

    public static readonly IPEndPoint Unresolved6 = IPEndPoint.Parse("[2001:db8:2::77]:40003");

    /// <summary>Behind a route that takes less than the interface.</summary>
    public static readonly IPEndPoint Narrow6 = IPEndPoint.Parse("[2001:db8:c::1:200]:40004");

    /// <summary>A router on the way to the client: the sender of ICMP errors.</summary>
    public static readonly IPAddress Router4 = IPAddress.Parse("198.51.100.254");

    /// <summary>A router on the way to the client: the sender of ICMP errors.</summary>
    public static readonly IPAddress Router6 = IPAddress.Parse("2001:db8:c::fe");

    /// <summary>The socket of backend 1, 2, 3 ….</summary>
    public static IPEndPoint Backend4(uint index) => new(new IPAddress([10, 1, 0, (byte)(100 + index)]), 8080);

    /// <summary>The socket of backend 1, 2, 3 ….</summary>
    public static IPEndPoint Backend6(uint index) => IPEndPoint.Parse($"[2001:db8:1::{100 + index:x}]:8080");

    public static Mac BackendMac(uint index) => new(0x02_00_00_00_01_00UL + index);
}
