using System.Buffers.Binary;
using System.Text;
using Lb.Cluster.Membership;

namespace Lb.Cluster.Transport;

/// <summary>
/// What every message begins with, big-endian: <c>LC</c>, the version of this layout, the kind, the sender's
/// incarnation, the length of its address and the address. Transports look at no more than that.
/// </summary>
public readonly ref struct MessageHeader
{
    /// <summary>No header is longer.</summary>
    public const int Longest = Fixed + LongestAddress;

    private const byte Layout = 1;
    private const int Fixed = 13;
    private const int LongestAddress = 255;

    /// <summary>The kind of the message, one of <see cref="MessageKinds"/> or of a later version.</summary>
    public byte Kind { get; private init; }

    /// <summary>The sender's incarnation.</summary>
    public long Incarnation { get; private init; }

    /// <summary>The sender's address, <c>host:port</c>, in UTF-8.</summary>
    public ReadOnlySpan<byte> Sender { get; private init; }

    /// <summary>What is behind the header.</summary>
    public ReadOnlySpan<byte> Body { get; private init; }

    /// <summary>Reads the header of a message; false when it has none that this version knows.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out MessageHeader header)
    {
        if (message.Length < Fixed || message[0] != 'L' || message[1] != 'C' || message[2] != Layout
            || message.Length < Fixed + message[12])
        {
            header = default;
            return false;
        }

        header = new MessageHeader
        {
            Kind = message[3],
            Incarnation = BinaryPrimitives.ReadInt64BigEndian(message[4..]),
            Sender = message.Slice(Fixed, message[12]),
            Body = message[(Fixed + message[12])..],
        };
        return true;
    }

    /// <summary>Writes a header and returns its length.</summary>
    /// <exception cref="ArgumentException">The address is too long.</exception>
    public static int Write(byte kind, NodeId from, Span<byte> to)
    {
        var address = Encoding.UTF8.GetBytes(from.Address);
        if (address.Length > LongestAddress)
        {
            throw new ArgumentException($"The address [{from.Address}] is too long", nameof(from));
        }

        to[0] = (byte)'L';
        to[1] = (byte)'C';
        to[2] = Layout;
        to[3] = kind;
        BinaryPrimitives.WriteInt64BigEndian(to[4..], from.Incarnation);
        to[12] = (byte)address.Length;
        address.CopyTo(to[Fixed..]);
        return Fixed + address.Length;
    }
}
