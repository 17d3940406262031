using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using Lb.Cluster.Membership;

namespace Lb.Cluster.Transport;

/// <summary>
/// The bytes of membership's messages: a header (<see cref="MessageHeader"/>), then what the kind has, big-endian. What
/// is behind that is left for later versions to use; a message of another version, or one that is damaged, is not
/// understood and says nothing.
/// </summary>
public static class ClusterMessageCodec
{
    /// <summary>No message is longer.</summary>
    public const int LongestMessage = 1200;

    private const int SubsystemHeader = 3;

    /// <summary>How many bytes of its own a part of the node may send in one message.</summary>
    public static int LongestPayload => LongestMessage - MessageHeader.Longest - SubsystemHeader;

    /// <summary>How many observations of how many nodes in all fit into one message with room to spare.</summary>
    public static int RoomOf(Observation row) => 18 + (8 * row.Unreachable.Count);

    /// <summary>How many bytes observations may take in a message.</summary>
    public static int RoomForRows => LongestMessage - MessageHeader.Longest - 2;

    /// <summary>Writes a message and returns its length.</summary>
    /// <exception cref="ArgumentException">It is too long.</exception>
    public static int Write(ClusterMessage message, Span<byte> to)
    {
        var length = MessageHeader.Write(KindOf(message), message.From, to);
        switch (message)
        {
            case ClusterMessage.Heartbeat heartbeat:
                return WriteKnown(to, length, heartbeat.Revision, heartbeat.Digest);
            case ClusterMessage.Answer answer:
                return WriteKnown(to, length, answer.Revision, answer.Digest);
            case ClusterMessage.Observations observations:
                return WriteRows(to, length, observations.Rows);
            case ClusterMessage.Subsystem subsystem:
                return WritePayload(to, length, subsystem);
            default:
                return length;
        }
    }

    /// <summary>Reads a message; null when it is none that this version knows.</summary>
    public static ClusterMessage? Read(ReadOnlySpan<byte> from)
    {
        if (!MessageHeader.TryRead(from, out var header))
        {
            return null;
        }

        var sender = new NodeId(Encoding.UTF8.GetString(header.Sender), header.Incarnation);
        var body = header.Body;
        return header.Kind switch
        {
            MessageKinds.Heartbeat when body.Length >= 16 => new ClusterMessage.Heartbeat(
                sender, BinaryPrimitives.ReadInt64BigEndian(body), BinaryPrimitives.ReadUInt64BigEndian(body[8..])),
            MessageKinds.Answer when body.Length >= 16 => new ClusterMessage.Answer(
                sender, BinaryPrimitives.ReadInt64BigEndian(body), BinaryPrimitives.ReadUInt64BigEndian(body[8..])),
            MessageKinds.Observations => ReadRows(sender, body),
            MessageKinds.Subsystem => ReadPayload(sender, body),
            _ => null,
        };
    }

    private static byte KindOf(ClusterMessage message) => message switch
    {
        ClusterMessage.Heartbeat => MessageKinds.Heartbeat,
        ClusterMessage.Answer => MessageKinds.Answer,
        ClusterMessage.Observations => MessageKinds.Observations,
        ClusterMessage.Subsystem => MessageKinds.Subsystem,
        _ => throw new ArgumentException($"Unknown message {message}", nameof(message)),
    };

    private static int WriteKnown(Span<byte> to, int at, long revision, ulong digest)
    {
        BinaryPrimitives.WriteInt64BigEndian(to[at..], revision);
        BinaryPrimitives.WriteUInt64BigEndian(to[(at + 8)..], digest);
        return at + 16;
    }

    private static int WritePayload(Span<byte> to, int at, ClusterMessage.Subsystem message)
    {
        if (message.Payload.Length > LongestPayload)
        {
            throw new ArgumentException(
                $"{message.Part} sends {message.Payload.Length} bytes at once, and {LongestPayload} is the most",
                nameof(message));
        }

        to[at] = (byte)message.Part;
        BinaryPrimitives.WriteUInt16BigEndian(to[(at + 1)..], (ushort)message.Payload.Length);
        message.Payload.Span.CopyTo(to[(at + SubsystemHeader)..]);
        return at + SubsystemHeader + message.Payload.Length;
    }

    private static ClusterMessage.Subsystem? ReadPayload(NodeId sender, ReadOnlySpan<byte> body)
    {
        if (body.Length < SubsystemHeader)
        {
            return null;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(body[1..]);
        return body.Length < SubsystemHeader + length
            ? null
            : new ClusterMessage.Subsystem(
                sender, (ClusterSubsystem)body[0], body.Slice(SubsystemHeader, length).ToArray());
    }

    private static int WriteRows(Span<byte> to, int at, IReadOnlyList<Observation> rows)
    {
        BinaryPrimitives.WriteUInt16BigEndian(to[at..], checked((ushort)rows.Count));
        at += 2;
        foreach (var row in rows)
        {
            BinaryPrimitives.WriteInt64BigEndian(to[at..], row.Observer);
            BinaryPrimitives.WriteInt64BigEndian(to[(at + 8)..], row.Version);
            BinaryPrimitives.WriteUInt16BigEndian(to[(at + 16)..], checked((ushort)row.Unreachable.Count));
            at += 18;
            foreach (var node in row.Unreachable)
            {
                BinaryPrimitives.WriteInt64BigEndian(to[at..], node);
                at += 8;
            }
        }

        return at;
    }

    private static ClusterMessage.Observations? ReadRows(NodeId sender, ReadOnlySpan<byte> body)
    {
        if (body.Length < 2)
        {
            return null;
        }

        var rows = new List<Observation>();
        int count = BinaryPrimitives.ReadUInt16BigEndian(body);
        var at = 2;
        for (var i = 0; i < count; i++)
        {
            if (body.Length < at + 18)
            {
                return null;
            }

            int nodes = BinaryPrimitives.ReadUInt16BigEndian(body[(at + 16)..]);
            if (body.Length < at + 18 + (8 * nodes))
            {
                return null;
            }

            var unreachable = ImmutableSortedSet.CreateBuilder<long>();
            for (var node = 0; node < nodes; node++)
            {
                unreachable.Add(BinaryPrimitives.ReadInt64BigEndian(body[(at + 18 + (8 * node))..]));
            }

            rows.Add(new Observation(
                BinaryPrimitives.ReadInt64BigEndian(body[at..]), BinaryPrimitives.ReadInt64BigEndian(body[(at + 8)..]),
                unreachable.ToImmutable()));
            at += 18 + (8 * nodes);
        }

        return new ClusterMessage.Observations(sender, rows);
    }
}
