using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Lb.Kernel.Layout;

/// <summary>16 bytes of an address in network order; an IPv4 address is in the first four.</summary>
[InlineArray(Size)]
internal struct Address16
{
    public const int Size = 16;

    private byte _first;

    public static Address16 From(IPAddress address)
    {
        Address16 result = default;
        address.TryWriteBytes(result, out _);
        return result;
    }

    /// <summary>As entries of full-nat have it: an IPv4 address is <c>::ffff:a.b.c.d</c>.</summary>
    public static Address16 FromMapped(IPAddress address) =>
        From(address.AddressFamily == AddressFamily.InterNetwork ? address.MapToIPv6() : address);

    /// <summary>The address of <see cref="FromMapped"/>.</summary>
    public readonly IPAddress ToMappedAddress()
    {
        IPAddress address = ToIPAddress(AddressFamily.InterNetworkV6);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    public readonly IPAddress ToIPAddress(AddressFamily family)
    {
        ReadOnlySpan<byte> bytes = this;
        return new IPAddress(family == AddressFamily.InterNetwork ? bytes[..4] : bytes);
    }
}

/// <summary>A link-layer address of Ethernet.</summary>
[InlineArray(Size)]
internal struct Mac
{
    public const int Size = 6;

    private byte _first;

    public static Mac From(PhysicalAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        Mac result = default;
        bytes.AsSpan(0, Math.Min(bytes.Length, Size)).CopyTo(result);
        return result;
    }

    public readonly PhysicalAddress ToPhysicalAddress()
    {
        ReadOnlySpan<byte> bytes = this;
        return new PhysicalAddress(bytes.ToArray());
    }
}

/// <summary>Bytes that only fill a struct.</summary>
[InlineArray(3)]
internal struct Padding3
{
    private byte _first;
}

/// <summary>Bytes that only fill a struct.</summary>
[InlineArray(7)]
internal struct Padding7
{
    private byte _first;
}

/// <summary>Bytes that only fill a struct.</summary>
[InlineArray(6)]
internal struct Padding6
{
    private byte _first;
}

/// <summary>IPv4 addresses as the numbers they are.</summary>
internal static class IPv4
{
    public static Be32 ToBe32(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[4];
        return address.TryWriteBytes(bytes, out _)
            ? BinaryPrimitives.ReadUInt32BigEndian(bytes)
            : throw new ArgumentException($"{address} is no IPv4 address.", nameof(address));
    }

    public static IPAddress ToIPAddress(Be32 address)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, address.Host);
        return new IPAddress(bytes);
    }
}
