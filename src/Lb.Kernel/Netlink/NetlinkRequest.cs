using System.Net;
using System.Runtime.InteropServices;

namespace Lb.Kernel.Netlink;

/// <summary>Writes one request: the header, the fixed part, then attributes.</summary>
internal ref struct NetlinkRequest
{
    /// <summary>Bytes of <c>struct nlmsghdr</c>.</summary>
    public const int HeaderSize = 16;

    private const int AttributeHeaderSize = 4;
    private readonly Span<byte> _buffer;
    private int _length;

    public NetlinkRequest(Span<byte> buffer, MessageType type, RequestFlags flags)
    {
        _buffer = buffer;
        _length = HeaderSize;
        ushort typeValue = (ushort)type;
        ushort flagsValue = (ushort)(flags | RequestFlags.Request);
        MemoryMarshal.Write(buffer[4..], in typeValue);
        MemoryMarshal.Write(buffer[6..], in flagsValue);
        buffer[8..HeaderSize].Clear();
    }

    /// <summary>Number that the answers carry.</summary>
    public readonly void SetSequence(uint sequence) => MemoryMarshal.Write(_buffer[8..], in sequence);

    /// <summary>Appends the part that the type of the message fixes.</summary>
    public void Append<T>(T part)
        where T : unmanaged
    {
        MemoryMarshal.Write(_buffer[_length..], in part);
        _length += Align(Marshal.SizeOf<T>());
    }

    /// <summary>Appends an attribute.</summary>
    public void Append(ushort attribute, scoped ReadOnlySpan<byte> value)
    {
        ushort size = (ushort)(AttributeHeaderSize + value.Length);
        Span<byte> target = _buffer.Slice(_length, Align(size));
        target.Clear();
        MemoryMarshal.Write(target, in size);
        MemoryMarshal.Write(target[2..], in attribute);
        value.CopyTo(target[AttributeHeaderSize..]);
        _length += target.Length;
    }

    /// <summary>Appends an attribute that is a number.</summary>
    public void Append(ushort attribute, uint value) =>
        Append(attribute, MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in value)));

    /// <summary>Appends an attribute that is an address.</summary>
    public void Append(ushort attribute, IPAddress address) => Append(attribute, address.GetAddressBytes());

    /// <summary>The finished message.</summary>
    public readonly ReadOnlySpan<byte> Finish()
    {
        uint total = (uint)_length;
        MemoryMarshal.Write(_buffer, in total);
        return _buffer[.._length];
    }

    private static int Align(int size) => (size + 3) & ~3;
}
