using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Lb.Kernel.Relays;

/// <summary>How far the bytes of a connection are a ClientHello.</summary>
internal enum HelloReading : byte
{
    /// <summary>A whole one.</summary>
    Whole,

    /// <summary>One so far; more bytes are needed.</summary>
    Short,

    /// <summary>None that is understood: another protocol, a damaged one, or one that is too long.</summary>
    Other,
}

/// <summary>What a TLS client asks for in the open (RFC 8446, RFC 6066, RFC 7301).</summary>
/// <param name="Name">Name of the server, in lower case and without a dot at its end; null for none.</param>
/// <param name="Protocols">Protocols that it offers, the ones it likes better first.</param>
internal sealed record ClientHello(string? Name, string[] Protocols)
{
    /// <summary>The longest one that is read, with the heads of its records.</summary>
    public const int MostBytes = 16 * 1024;

    private const int RecordHead = 5;
    private const int RecordMost = 16 * 1024;
    private const int Handshake = 22;
    private const int MessageHead = 4;
    private const int MessageHello = 1;
    private const int ServerName = 0;
    private const int HostName = 0;
    private const int Alpn = 16;
    private const int LongestName = 255;

    /// <summary>Of a client that asks for nothing.</summary>
    public static ClientHello Silent { get; } = new(null, []);

    /// <summary>Reads one from the first bytes of a connection, however many records it is in.</summary>
    /// <param name="bytes">What there is so far.</param>
    /// <param name="hello">What it says; nothing where it is not whole.</param>
    /// <param name="needed">Bytes that must be there before it can be whole.</param>
    public static HelloReading Read(ReadOnlySpan<byte> bytes, out ClientHello hello, out int needed)
    {
        hello = Silent;
        HelloReading state = Measure(bytes, out int records, out int end, out needed);
        if (state != HelloReading.Whole)
        {
            return needed > MostBytes ? HelloReading.Other : state;
        }

        if (records == 1)
        {
            return Parse(bytes[(RecordHead + MessageHead)..end], out hello);
        }

        byte[] joined = ArrayPool<byte>.Shared.Rent(end);
        int length = Join(bytes[..end], joined);
        state = Parse(joined.AsSpan(MessageHead..length), out hello);
        ArrayPool<byte>.Shared.Return(joined);
        return state;
    }

    /// <summary>Whether all records of the message are there.</summary>
    private static HelloReading Measure(ReadOnlySpan<byte> bytes, out int records, out int end, out int needed)
    {
        (records, end, needed) = (0, 0, 0);
        Span<byte> head = stackalloc byte[MessageHead];
        (int at, int had, int message) = (0, 0, int.MaxValue);
        while (true)
        {
            // What is there of a record's head tells already whether it is one.
            ReadOnlySpan<byte> record = bytes[Math.Min(at, bytes.Length)..];
            if ((record.Length > 0 && record[0] != Handshake) || (record.Length > 1 && record[1] != 3))
            {
                return HelloReading.Other;
            }

            if (record.Length < RecordHead)
            {
                needed = at + RecordHead;
                return HelloReading.Short;
            }

            int size = BinaryPrimitives.ReadUInt16BigEndian(record[3..]);
            if (size is 0 or > RecordMost)
            {
                return HelloReading.Other;
            }

            ReadOnlySpan<byte> there = record.Slice(RecordHead, Math.Min(size, record.Length - RecordHead));
            if (had < MessageHead)
            {
                int taken = Math.Min(there.Length, MessageHead - had);
                there[..taken].CopyTo(head[had..]);
                if ((had == 0 && taken > 0 && head[0] != MessageHello) || !Sized(head, had + taken, ref message))
                {
                    return HelloReading.Other;
                }
            }

            records++;
            if (had + size >= message)
            {
                end = at + RecordHead + message - had;
                needed = end;
                return bytes.Length >= end ? HelloReading.Whole : HelloReading.Short;
            }

            if (there.Length < size)
            {
                needed = at + RecordHead + (message == int.MaxValue ? MessageHead - had : size);
                return HelloReading.Short;
            }

            had += size;
            at += RecordHead + size;
        }
    }

    /// <summary>Reads the size of the message from its head once that is there.</summary>
    /// <returns>False when the message is too long.</returns>
    private static bool Sized(ReadOnlySpan<byte> head, int there, ref int message)
    {
        if (there >= MessageHead)
        {
            message = MessageHead + ((head[1] << 16) | BinaryPrimitives.ReadUInt16BigEndian(head[2..]));
        }

        return there < MessageHead || message <= MostBytes;
    }

    /// <summary>Copies what is in records one behind the other.</summary>
    private static int Join(ReadOnlySpan<byte> bytes, Span<byte> into)
    {
        int length = 0;
        while (bytes.Length > RecordHead)
        {
            int size = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]), bytes.Length - RecordHead);
            bytes.Slice(RecordHead, size).CopyTo(into[length..]);
            length += size;
            bytes = bytes[(RecordHead + size)..];
        }

        return length;
    }

    private static HelloReading Parse(ReadOnlySpan<byte> body, out ClientHello hello)
    {
        hello = Silent;
        TlsBytes rest = new(body);
        if (!rest.Skip(2 + 32) // version and random
            || !rest.TakeVector(1, out _) // session
            || !rest.TakeVector(2, out _) // cipher suites
            || !rest.TakeVector(1, out _)) // compression
        {
            return HelloReading.Other;
        }

        if (rest.IsEmpty)
        {
            return HelloReading.Whole;
        }

        if (!rest.TakeVector(2, out TlsBytes extensions) || !rest.IsEmpty)
        {
            return HelloReading.Other;
        }

        (string? name, string[]? protocols, bool named) = (null, null, false);
        while (!extensions.IsEmpty)
        {
            if (!extensions.TakeNumber(out int type) || !extensions.TakeVector(2, out TlsBytes value))
            {
                return HelloReading.Other;
            }

            // One that comes twice is forbidden: who takes which of the two is not to be guessed.
            if ((type == ServerName && (named || !ReadName(value, out name)))
                || (type == Alpn && (protocols is not null || !ReadProtocols(value, out protocols))))
            {
                return HelloReading.Other;
            }

            named |= type == ServerName;
        }

        hello = new ClientHello(name, protocols ?? []);
        return HelloReading.Whole;
    }

    private static bool ReadName(TlsBytes value, out string? name)
    {
        name = null;
        if (!value.TakeVector(2, out TlsBytes list) || !value.IsEmpty)
        {
            return false;
        }

        while (!list.IsEmpty)
        {
            if (!list.TakeByte(out int type) || !list.TakeVector(2, out TlsBytes host))
            {
                return false;
            }

            if (type == HostName && name is null)
            {
                name = Normal(host.Rest);
            }
        }

        return true;
    }

    /// <summary>A name as it is looked up; null for what cannot be one.</summary>
    private static string? Normal(ReadOnlySpan<byte> name)
    {
        if (name.Length > 1 && name[^1] == (byte)'.')
        {
            name = name[..^1];
        }

        if (name.IsEmpty || name.Length > LongestName)
        {
            return null;
        }

        foreach (byte letter in name)
        {
            if (!char.IsAsciiLetterOrDigit((char)letter) && letter is not ((byte)'-' or (byte)'.' or (byte)'_'))
            {
                return null;
            }
        }

        return Encoding.ASCII.GetString(name).ToLowerInvariant();
    }

    private static bool ReadProtocols(TlsBytes value, out string[]? protocols)
    {
        protocols = null;
        if (!value.TakeVector(2, out TlsBytes list) || !value.IsEmpty)
        {
            return false;
        }

        List<string> read = [];
        while (!list.IsEmpty)
        {
            if (!list.TakeVector(1, out TlsBytes protocol) || protocol.IsEmpty)
            {
                return false;
            }

            read.Add(Encoding.Latin1.GetString(protocol.Rest));
        }

        protocols = [.. read];
        return true;
    }
}
