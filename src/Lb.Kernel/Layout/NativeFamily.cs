using System.Net.Sockets;

namespace Lb.Kernel.Layout;

/// <summary>Address families as Linux numbers them; .NET numbers IPv6 differently.</summary>
internal static class NativeFamily
{
    public const byte Unspecified = 0;
    public const byte Inet = 2;
    public const byte Inet6 = 10;

    public static byte Of(AddressFamily family) => family switch
    {
        AddressFamily.InterNetwork => Inet,
        AddressFamily.InterNetworkV6 => Inet6,
        _ => throw new ArgumentException($"{family} is neither IPv4 nor IPv6.", nameof(family)),
    };

    public static AddressFamily ToManaged(byte family) =>
        family == Inet ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
}
