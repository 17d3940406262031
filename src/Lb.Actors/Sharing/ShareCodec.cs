using System.Buffers.Binary;

namespace Lb.Actors;

/// <summary>
/// The bytes of <see cref="ShareMessage"/>, big-endian: version, kind, the feed, then what the kind has. A reader leaves what
/// is behind that to later versions, and kinds that it does not know.
/// </summary>
internal static class ShareCodec
{
    /// <summary>How many bytes a message of any transport may have.</summary>
    public const int Longest = 929;

    /// <summary>How many of them are left for content.</summary>
    public const int Room = Longest - Header - PageHeader - 1;

    private const byte Version = 1;
    private const int Header = 10;
    private const int PageHeader = 24;

    private enum Kind : byte
    {
        Alive = 1,
        Missing = 2,
        Part = 3,
        Ask = 4,
        Page = 5,
    }

    private enum Of : byte
    {
        Flows = 1,
        Slots = 3,
    }

    /// <summary>Writes a message.</summary>
    public static byte[] Write(ShareMessage message)
    {
        byte[] bytes = new byte[Longest];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(2), message.Feed);
        Span<byte> body = bytes.AsSpan(Header);
        (Kind kind, int length) = message switch
        {
            ShareMessage.Alive alive => (Kind.Alive, Write(alive, body)),
            ShareMessage.Missing missing => (Kind.Missing, Write(body, missing.From, missing.To)),
            ShareMessage.Part part => (Kind.Part, 8 + Write(part.Content, At(body, part.Number))),
            ShareMessage.Ask ask => (Kind.Ask, Write(body, ask.Session, ask.Index)),
            ShareMessage.Page page => (Kind.Page, Write(page, body)),
            _ => throw new ArgumentException($"Unknown message {message}", nameof(message)),
        };
        bytes[1] = (byte)kind;
        return bytes[..(Header + length)];
    }

    /// <summary>Reads a message; null when it is none that this version knows.</summary>
    public static ShareMessage? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Header + 16 || bytes[0] != Version)
        {
            return null;
        }

        long feed = BinaryPrimitives.ReadInt64BigEndian(bytes[2..]);
        ReadOnlySpan<byte> body = bytes[Header..];
        long first = BinaryPrimitives.ReadInt64BigEndian(body);
        long second = BinaryPrimitives.ReadInt64BigEndian(body[8..]);
        return (Kind)bytes[1] switch
        {
            Kind.Alive when body.Length >= 33 => new ShareMessage.Alive(
                feed,
                first,
                second,
                body[16] != 0,
                BinaryPrimitives.ReadInt64BigEndian(body[17..]),
                BinaryPrimitives.ReadInt64BigEndian(body[25..])),
            Kind.Missing => new ShareMessage.Missing(feed, first, second),
            Kind.Part when ReadContent(body[8..]) is { } content => new ShareMessage.Part(feed, first, content),
            Kind.Ask when second is >= 0 and < int.MaxValue => new ShareMessage.Ask(first, (int)second),
            Kind.Page when body.Length > PageHeader && ReadContent(body[PageHeader..]) is { } content => new ShareMessage.Page(
                feed,
                first,
                second,
                BinaryPrimitives.ReadInt32BigEndian(body[16..]),
                BinaryPrimitives.ReadInt32BigEndian(body[20..]),
                content),
            _ => null,
        };
    }

    private static int Write(ShareMessage.Alive alive, Span<byte> to)
    {
        Write(to, alive.Last, alive.Floor);
        to[16] = alive.Established ? (byte)1 : (byte)0;
        return 17 + Write(to[17..], alive.AckFeed, alive.AckLast);
    }

    private static int Write(ShareMessage.Page page, Span<byte> to)
    {
        Write(to, page.At, page.Session);
        BinaryPrimitives.WriteInt32BigEndian(to[16..], page.Index);
        BinaryPrimitives.WriteInt32BigEndian(to[20..], page.Total);
        return PageHeader + Write(page.Content, to[PageHeader..]);
    }

    private static int Write(Span<byte> to, long first, long second)
    {
        BinaryPrimitives.WriteInt64BigEndian(to, first);
        BinaryPrimitives.WriteInt64BigEndian(to[8..], second);
        return 16;
    }

    private static Span<byte> At(Span<byte> to, long number)
    {
        BinaryPrimitives.WriteInt64BigEndian(to, number);
        return to[8..];
    }

    private static int Write(ShareContent content, Span<byte> to)
    {
        if (content is ShareContent.Flows flows)
        {
            to[0] = (byte)Of.Flows;
            return Math.Max(1 + FlowCodec.Write(flows.Entries.AsSpan(), to[1..]), 8);
        }

        to[0] = (byte)Of.Slots;
        return 1 + SlotCodec.Write((ShareContent.Slots)content, to[1..]);
    }

    private static ShareContent? ReadContent(ReadOnlySpan<byte> from) => from.IsEmpty ? null : (Of)from[0] switch
    {
        Of.Flows => FlowCodec.Read(from[1..]) is { IsDefault: false } entries ? new ShareContent.Flows(entries) : null,
        Of.Slots => SlotCodec.Read(from[1..]),
        _ => null,
    };
}
