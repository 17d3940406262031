using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Lb.Kernel.Layout;

/// <summary>A 16-bit number in network byte order (<c>__be16</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct Be16
{
    private readonly ushort _network;

    private Be16(ushort network) => _network = network;

    /// <summary>The number in host byte order.</summary>
    public ushort Host => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(_network) : _network;

    /// <summary>As it lies in memory.</summary>
    public ushort Raw => _network;

    public static implicit operator Be16(ushort host) =>
        new(BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(host) : host);
}

/// <summary>A 32-bit number in network byte order (<c>__be32</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct Be32
{
    private readonly uint _network;

    private Be32(uint network) => _network = network;

    /// <summary>The number in host byte order.</summary>
    public uint Host => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(_network) : _network;

    /// <summary>As it lies in memory.</summary>
    public uint Raw => _network;

    public static implicit operator Be32(uint host) =>
        new(BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(host) : host);
}
