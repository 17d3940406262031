using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>
/// The bytes of <see cref="VoteMessage"/>, big-endian: version, kind, the feed, then what the kind has. A reader leaves what
/// is behind that, and entries of kinds that it does not know, to later versions.
/// </summary>
internal static class VoteCodec
{
    /// <summary>How many entries fit into one message of any transport.</summary>
    public const int MostEntries = 20;

    private const byte Version = 1;
    private const int Header = 10;
    private const int EntrySize = 42;

    /// <summary>A step shares the byte of its verdict. An older release leaves an entry with one, which it does not know.</summary>
    private const int StepShift = 4;

    private enum Kind : byte
    {
        Alive = 1,
        Want = 2,
        Part = 3,
    }

    /// <summary>Writes a message.</summary>
    public static byte[] Write(VoteMessage message)
    {
        byte[] bytes = new byte[Header + (message is VoteMessage.Part part ? 18 + (EntrySize * part.Chunk.Entries.Length) : 8)];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(2), message.Feed);
        Span<byte> body = bytes.AsSpan(Header);
        switch (message)
        {
            case VoteMessage.Alive alive:
                bytes[1] = (byte)Kind.Alive;
                BinaryPrimitives.WriteInt64BigEndian(body, alive.Version);
                break;
            case VoteMessage.Want want:
                bytes[1] = (byte)Kind.Want;
                BinaryPrimitives.WriteInt64BigEndian(body, want.Version);
                break;
            case VoteMessage.Part { Chunk: { } chunk }:
                bytes[1] = (byte)Kind.Part;
                BinaryPrimitives.WriteInt64BigEndian(body, chunk.From);
                BinaryPrimitives.WriteInt64BigEndian(body[8..], chunk.To);
                BinaryPrimitives.WriteUInt16BigEndian(body[16..], checked((ushort)chunk.Entries.Length));
                for (int i = 0; i < chunk.Entries.Length; i++)
                {
                    Write(chunk.Entries[i], body.Slice(18 + (i * EntrySize), EntrySize));
                }

                break;
            default:
                throw new ArgumentException($"Unknown message {message}", nameof(message));
        }

        return bytes;
    }

    /// <summary>Reads a message; null when it is none that this version knows.</summary>
    public static VoteMessage? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Header + 8 || bytes[0] != Version)
        {
            return null;
        }

        long feed = BinaryPrimitives.ReadInt64BigEndian(bytes[2..]);
        ReadOnlySpan<byte> body = bytes[Header..];
        long first = BinaryPrimitives.ReadInt64BigEndian(body);
        return (Kind)bytes[1] switch
        {
            Kind.Alive => new VoteMessage.Alive(feed, first),
            Kind.Want => new VoteMessage.Want(feed, first),
            Kind.Part when ReadChunk(first, body) is { } chunk => new VoteMessage.Part(feed, chunk),
            _ => null,
        };
    }

    private static void Write(VoteEntry entry, Span<byte> to)
    {
        to[0] = (byte)entry.Key.Kind;
        to[1] = (byte)((byte)entry.Value.Verdict | (entry.Value.Step << StepShift));
        BinaryPrimitives.WriteUInt64BigEndian(to[2..], entry.Key.Service);
        BinaryPrimitives.WriteUInt64BigEndian(to[10..], entry.Key.Backend);
        if (entry.Key.Kind == VoteKind.Table)
        {
            BinaryPrimitives.WriteUInt64BigEndian(to[18..], entry.Value.Table);
            BinaryPrimitives.WriteUInt64BigEndian(to[26..], entry.Value.Pool);
            return;
        }

        BinaryPrimitives.WriteInt64BigEndian(to[18..], entry.Value.Stamp.Epoch);
        BinaryPrimitives.WriteUInt32BigEndian(to[26..], entry.Value.Stamp.Round);
        BinaryPrimitives.WriteUInt32BigEndian(to[30..], entry.Value.Stamp.Serial);
        BinaryPrimitives.WriteUInt64BigEndian(to[34..], entry.Value.Stamp.Node);
    }

    private static VoteChunk? ReadChunk(long from, ReadOnlySpan<byte> body)
    {
        if (body.Length < 18)
        {
            return null;
        }

        long to = BinaryPrimitives.ReadInt64BigEndian(body[8..]);
        int count = BinaryPrimitives.ReadUInt16BigEndian(body[16..]);
        if (body.Length < 18 + (count * EntrySize) || to < from)
        {
            return null;
        }

        ImmutableArray<VoteEntry>.Builder entries = ImmutableArray.CreateBuilder<VoteEntry>(count);
        for (int i = 0; i < count; i++)
        {
            if (ReadEntry(body.Slice(18 + (i * EntrySize), EntrySize)) is { } entry)
            {
                entries.Add(entry);
            }
        }

        return new VoteChunk(from, to, entries.ToImmutable());
    }

    private static VoteEntry? ReadEntry(ReadOnlySpan<byte> from)
    {
        VoteKey key = new(
            (VoteKind)from[0],
            BinaryPrimitives.ReadUInt64BigEndian(from[2..]),
            BinaryPrimitives.ReadUInt64BigEndian(from[10..]));
        HealthVerdict verdict = (HealthVerdict)(from[1] & ((1 << StepShift) - 1));
        byte step = (byte)(from[1] >> StepShift);
        bool fits = verdict <= HealthVerdict.Down
            && (step == 0 || (step <= SlowStart.Steps && key.Kind == VoteKind.Agreed && verdict == HealthVerdict.Up));
        return !fits ? null : key.Kind switch
        {
            VoteKind.Table => new VoteEntry(key, new VoteValue(
                verdict,
                Table: BinaryPrimitives.ReadUInt64BigEndian(from[18..]),
                Pool: BinaryPrimitives.ReadUInt64BigEndian(from[26..]))),
            VoteKind.Seen or VoteKind.Agreed => new VoteEntry(key, new VoteValue(verdict, new VoteStamp(
                BinaryPrimitives.ReadInt64BigEndian(from[18..]),
                BinaryPrimitives.ReadUInt32BigEndian(from[26..]),
                BinaryPrimitives.ReadUInt32BigEndian(from[30..]),
                BinaryPrimitives.ReadUInt64BigEndian(from[34..])), Step: step)),
            _ => null,
        };
    }
}
