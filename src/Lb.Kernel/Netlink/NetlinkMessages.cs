using System.Runtime.InteropServices;

namespace Lb.Kernel.Netlink;

/// <summary>One message of what was received.</summary>
internal readonly ref struct NetlinkMessage(MessageType type, uint sequence, ReadOnlySpan<byte> payload)
{
    public MessageType Type { get; } = type;

    public uint Sequence { get; } = sequence;

    public ReadOnlySpan<byte> Payload { get; } = payload;

    /// <summary>The part that the type of the message fixes.</summary>
    public T Fixed<T>()
        where T : unmanaged => MemoryMarshal.Read<T>(Payload);

    /// <summary>The attributes after the fixed part.</summary>
    public NetlinkAttributes Attributes<T>()
        where T : unmanaged => new(Payload[((Marshal.SizeOf<T>() + 3) & ~3)..]);
}

/// <summary>Walks the messages of one datagram; what is cut off at its end is left out.</summary>
internal ref struct NetlinkMessages(ReadOnlySpan<byte> datagram)
{
    private const int HeaderSize = 16;
    private ReadOnlySpan<byte> _rest = datagram;

    public NetlinkMessage Current { get; private set; }

    public bool MoveNext()
    {
        if (_rest.Length < HeaderSize)
        {
            return false;
        }

        int length = MemoryMarshal.Read<int>(_rest);
        if (length < HeaderSize || length > _rest.Length)
        {
            return false;
        }

        Current = new NetlinkMessage(
            (MessageType)MemoryMarshal.Read<ushort>(_rest[4..]),
            MemoryMarshal.Read<uint>(_rest[8..]),
            _rest[HeaderSize..length]);
        _rest = _rest[Math.Min((length + 3) & ~3, _rest.Length)..];
        return true;
    }
}

/// <summary>Walks attributes; what is cut off at the end is left out.</summary>
internal ref struct NetlinkAttributes(ReadOnlySpan<byte> attributes)
{
    private const int HeaderSize = 4;
    private const ushort TypeMask = 0x3FFF; // without the bits for nested and for network byte order
    private ReadOnlySpan<byte> _rest = attributes;

    public ushort Type { get; private set; }

    public ReadOnlySpan<byte> Value { get; private set; }

    public bool MoveNext()
    {
        if (_rest.Length < HeaderSize)
        {
            return false;
        }

        int length = MemoryMarshal.Read<ushort>(_rest);
        if (length < HeaderSize || length > _rest.Length)
        {
            return false;
        }

        Type = (ushort)(MemoryMarshal.Read<ushort>(_rest[2..]) & TypeMask);
        Value = _rest[HeaderSize..length];
        _rest = _rest[Math.Min((length + 3) & ~3, _rest.Length)..];
        return true;
    }
}
