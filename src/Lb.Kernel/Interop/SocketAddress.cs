using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Lb.Kernel.Interop;

/// <summary><c>struct sockaddr_in</c> or <c>struct sockaddr_in6</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SocketAddress
{
    private const int IPv4Size = 16;
    private const int IPv6Size = 28;
    private const int IPv4At = 0; // sin_addr, after family and port
    private const int IPv6At = 4; // sin6_addr, after sin6_flowinfo

    public ushort Family;
    private ushort _port; // network byte order
    private fixed byte _rest[24];

    /// <summary>Makes one.</summary>
    /// <param name="address">The address.</param>
    /// <param name="port">Host byte order; 0 lets the kernel choose.</param>
    public SocketAddress(IPAddress address, ushort port)
    {
        Family = address.AddressFamily == AddressFamily.InterNetwork
            ? (ushort)LibC.FamilyInet
            : (ushort)LibC.FamilyInet6;
        Port = port;
        address.TryWriteBytes(Address, out _);
    }

    /// <summary>Makes one of the bytes of an address, 4 or 16; an IPv4-mapped one becomes that of IPv4.</summary>
    public SocketAddress(ReadOnlySpan<byte> address, ushort port)
    {
        bool mapped = address.Length == 16 && address[..12].SequenceEqual(MappedPrefix);
        ReadOnlySpan<byte> plain = mapped ? address[12..] : address;
        Family = plain.Length == 4 ? (ushort)LibC.FamilyInet : (ushort)LibC.FamilyInet6;
        Port = port;
        plain.CopyTo(Address);
    }

    /// <summary>What stands before an IPv4 address in one of IPv6.</summary>
    public static ReadOnlySpan<byte> MappedPrefix => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

    /// <summary>Host byte order.</summary>
    public ushort Port
    {
        readonly get => BinaryPrimitives.ReverseEndianness(_port);
        set => _port = BinaryPrimitives.ReverseEndianness(value);
    }

    /// <summary>Bytes that the kernel reads.</summary>
    public readonly uint Size => Family == LibC.FamilyInet ? IPv4Size : (uint)IPv6Size;

    /// <summary>Bytes of the address.</summary>
    [UnscopedRef]
    public Span<byte> Address => Family == LibC.FamilyInet
        ? MemoryMarshal.CreateSpan(ref _rest[IPv4At], 4)
        : MemoryMarshal.CreateSpan(ref _rest[IPv6At], 16);
}
