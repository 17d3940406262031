using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>
/// The bytes of <see cref="SliceMessage"/>, big-endian: version, kind, session, three numbers, a flag, the count and size of
/// entries, and those. A reader leaves what it does not know, at the end of an entry too, to later versions.
/// </summary>
internal static class SliceCodec
{
    /// <summary>How many entries fit into one message of any transport.</summary>
    public const int MostEntries = 25;

    private const byte Version = 1;
    private const int Header = 38;
    private const int ClaimSize = 33;
    private const int GrantSize = 28;
    private const int HeldSize = 28;

    private enum Kind : byte
    {
        Hello = 1,
        Claim = 2,
        Grant = 3,
        Ask = 4,
        Told = 5,
    }

    /// <summary>Writes a message.</summary>
    public static byte[] Write(SliceMessage message) => message switch
    {
        SliceMessage.Hello hello => Begin(Kind.Hello, hello.Session, hello.Stamp, hello.Level, 0, hello.Resigns, 0, 0),
        SliceMessage.Ask ask => Begin(Kind.Ask, ask.Session, ask.Number, 0, 0, flag: false, 0, 0),
        SliceMessage.Claim claim => Write(claim),
        SliceMessage.Grant grant => Write(grant),
        SliceMessage.Told told => Write(told),
        _ => throw new ArgumentException($"Unknown message {message}", nameof(message)),
    };

    /// <summary>Reads a message; null when it is none that this version knows.</summary>
    public static SliceMessage? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Header || bytes[0] != Version)
        {
            return null;
        }

        long session = BinaryPrimitives.ReadInt64BigEndian(bytes[2..]);
        long first = BinaryPrimitives.ReadInt64BigEndian(bytes[10..]);
        long second = BinaryPrimitives.ReadInt64BigEndian(bytes[18..]);
        long third = BinaryPrimitives.ReadInt64BigEndian(bytes[26..]);
        bool flag = bytes[34] != 0;
        int size = bytes[35];
        int count = BinaryPrimitives.ReadUInt16BigEndian(bytes[36..]);
        ReadOnlySpan<byte> entries = bytes[Header..];
        if (session == 0 || entries.Length < size * count)
        {
            return null;
        }

        return (Kind)bytes[1] switch
        {
            Kind.Hello => new SliceMessage.Hello(session, first, (int)Math.Clamp(second, 0, int.MaxValue), flag),
            Kind.Ask => new SliceMessage.Ask(session, first),
            Kind.Claim when size >= ClaimSize => new SliceMessage.Claim(
                session, first, second, third, flag, ReadAll(entries, count, size, ReadClaim)),
            Kind.Grant when size >= GrantSize => new SliceMessage.Grant(
                session, first, second, ReadAll(entries, count, size, ReadGrant)),
            Kind.Told when size >= HeldSize => new SliceMessage.Told(
                session, first, flag, ReadAll(entries, count, size, ReadHeld)),
            _ => null,
        };
    }

    private delegate T ReadEntry<T>(ReadOnlySpan<byte> from);

    private static ImmutableArray<T> ReadAll<T>(ReadOnlySpan<byte> from, int count, int size, ReadEntry<T> read)
    {
        ImmutableArray<T>.Builder entries = ImmutableArray.CreateBuilder<T>(count);
        for (int i = 0; i < count; i++)
        {
            entries.Add(read(from.Slice(i * size, size)));
        }

        return entries.MoveToImmutable();
    }

    private static byte[] Begin(
        Kind kind, long session, long first, long second, long third, bool flag, int count, int size)
    {
        byte[] bytes = new byte[Header + (count * size)];
        bytes[0] = Version;
        bytes[1] = (byte)kind;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(2), session);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(10), first);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(18), second);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(26), third);
        bytes[34] = flag ? (byte)1 : (byte)0;
        bytes[35] = (byte)size;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(36), checked((ushort)count));
        return bytes;
    }

    private static byte[] Write(SliceMessage.Claim claim)
    {
        byte[] bytes = Begin(
            Kind.Claim, claim.Session, claim.To, claim.Echo, claim.Stamp, claim.Votes, claim.Entries.Length, ClaimSize);
        for (int i = 0; i < claim.Entries.Length; i++)
        {
            SliceClaim entry = claim.Entries[i];
            Span<byte> to = Write(entry.Key, bytes.AsSpan(Header + (i * ClaimSize)));
            to[0] = (byte)((entry.Relays ? 1 : 0) | (entry.Hungry ? 2 : 0) | (entry.Ends ? 4 : 0));
            BinaryPrimitives.WriteInt64BigEndian(to[1..], entry.Serial);
            BinaryPrimitives.WriteInt32BigEndian(to[9..], entry.Holds);
            BinaryPrimitives.WriteInt32BigEndian(to[13..], entry.Used);
        }

        return bytes;
    }

    private static byte[] Write(SliceMessage.Grant grant)
    {
        byte[] bytes = Begin(Kind.Grant, grant.Session, grant.To, grant.Echo, 0, flag: false, grant.Entries.Length, GrantSize);
        for (int i = 0; i < grant.Entries.Length; i++)
        {
            Span<byte> to = Write(grant.Entries[i].Key, bytes.AsSpan(Header + (i * GrantSize)));
            BinaryPrimitives.WriteInt64BigEndian(to, grant.Entries[i].Serial);
            BinaryPrimitives.WriteInt32BigEndian(to[8..], grant.Entries[i].Amount);
        }

        return bytes;
    }

    private static byte[] Write(SliceMessage.Told told)
    {
        byte[] bytes = Begin(Kind.Told, told.Session, told.Number, 0, 0, told.IsLast, told.Entries.Length, HeldSize);
        for (int i = 0; i < told.Entries.Length; i++)
        {
            Span<byte> to = Write(told.Entries[i].Key, bytes.AsSpan(Header + (i * HeldSize)));
            BinaryPrimitives.WriteInt32BigEndian(to, told.Entries[i].Amount);
            BinaryPrimitives.WriteInt32BigEndian(to[4..], told.Entries[i].Used);
            BinaryPrimitives.WriteInt32BigEndian(to[8..], told.Entries[i].Left);
        }

        return bytes;
    }

    private static Span<byte> Write(SliceKey key, Span<byte> to)
    {
        BinaryPrimitives.WriteUInt64BigEndian(to, key.Service);
        BinaryPrimitives.WriteUInt64BigEndian(to[8..], key.Backend);
        return to[16..];
    }

    private static SliceKey ReadKey(ReadOnlySpan<byte> from) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(from), BinaryPrimitives.ReadUInt64BigEndian(from[8..]));

    private static SliceClaim ReadClaim(ReadOnlySpan<byte> from) => new(
        ReadKey(from),
        (from[16] & 1) != 0,
        BinaryPrimitives.ReadInt64BigEndian(from[17..]),
        Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(from[25..])),
        Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(from[29..])),
        (from[16] & 2) != 0,
        (from[16] & 4) != 0);

    private static SliceGrant ReadGrant(ReadOnlySpan<byte> from) => new(
        ReadKey(from),
        BinaryPrimitives.ReadInt64BigEndian(from[16..]),
        Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(from[24..])));

    private static SliceHeld ReadHeld(ReadOnlySpan<byte> from) => new(
        ReadKey(from),
        BinaryPrimitives.ReadInt32BigEndian(from[16..]),
        BinaryPrimitives.ReadInt32BigEndian(from[20..]),
        BinaryPrimitives.ReadInt32BigEndian(from[24..]));
}
