using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Lb.Actors;

/// <summary>
/// The bytes of flow entries: groups of one service and address family, each with its backends and the entries. What is the
/// same in many entries is there once: an entry of IPv4 takes 7 bytes, 9 when it is not of this moment.
/// </summary>
internal static class FlowCodec
{
    private const int MostBackends = 127;
    private const byte Opened = 0x80;
    private const byte V6 = 1;
    private const byte WithIdle = 2;

    /// <summary>Of a service of more than one address or port: each entry has the ones that its client asked for.</summary>
    private const byte WithVip = 4;
    private const int GroupHeader = 12;

    /// <summary>Splits entries into parts that fit into messages, in no order.</summary>
    public static IEnumerable<ImmutableArray<SharedFlow>> Pack(IEnumerable<SharedFlow> entries, int room)
    {
        ImmutableArray<SharedFlow>.Builder part = ImmutableArray.CreateBuilder<SharedFlow>();
        int used = 0;
        HashSet<ulong> backends = [];
        foreach (IGrouping<(ulong Service, byte Kind), SharedFlow> group in entries.GroupBy(entry => (entry.Service, KindOf(entry))))
        {
            bool isOpen = false;
            foreach (SharedFlow entry in group)
            {
                int needed = SizeOf(group.Key.Kind) + (isOpen ? 0 : GroupHeader) + (isOpen && backends.Contains(entry.Backend) ? 0 : 8);
                bool isFull = used + needed > room;
                if (isFull || (isOpen && backends.Count == MostBackends && !backends.Contains(entry.Backend)))
                {
                    if (isFull)
                    {
                        yield return part.ToImmutable();
                        part.Clear();
                        used = 0;
                    }

                    isOpen = false;
                    needed = SizeOf(group.Key.Kind) + GroupHeader + 8;
                    if (used + needed > room)
                    {
                        yield return part.ToImmutable();
                        part.Clear();
                        used = 0;
                    }
                }

                if (!isOpen)
                {
                    backends.Clear();
                    isOpen = true;
                }

                backends.Add(entry.Backend);
                part.Add(entry);
                used += needed;
            }
        }

        if (part.Count > 0)
        {
            yield return part.ToImmutable();
        }
    }

    /// <summary>Writes entries that are in the order of <see cref="Pack"/>, and says how many bytes they took.</summary>
    public static int Write(ReadOnlySpan<SharedFlow> entries, Span<byte> to)
    {
        int at = 0;
        while (!entries.IsEmpty)
        {
            List<ulong> backends = [];
            int count = Next(entries, backends);
            byte kind = KindOf(entries[0]);
            BinaryPrimitives.WriteUInt64BigEndian(to[at..], entries[0].Service);
            to[at + 8] = kind;
            to[at + 9] = (byte)backends.Count;
            BinaryPrimitives.WriteUInt16BigEndian(to[(at + 10)..], checked((ushort)count));
            at += GroupHeader;
            foreach (ulong backend in backends)
            {
                BinaryPrimitives.WriteUInt64BigEndian(to[at..], backend);
                at += 8;
            }

            foreach (SharedFlow entry in entries[..count])
            {
                at += Write(entry, kind, backends.IndexOf(entry.Backend), to[at..]);
            }

            entries = entries[count..];
        }

        return at;
    }

    /// <summary>Reads entries; the default value when they are damaged.</summary>
    public static ImmutableArray<SharedFlow> Read(ReadOnlySpan<byte> from)
    {
        ImmutableArray<SharedFlow>.Builder entries = ImmutableArray.CreateBuilder<SharedFlow>();
        while (from.Length >= GroupHeader)
        {
            ulong service = BinaryPrimitives.ReadUInt64BigEndian(from);
            byte kind = from[8];
            int names = from[9];
            int count = BinaryPrimitives.ReadUInt16BigEndian(from[10..]);
            int size = SizeOf(kind);
            if (from.Length < GroupHeader + (8 * names) + (count * size))
            {
                return default;
            }

            ReadOnlySpan<byte> backends = from.Slice(GroupHeader, 8 * names);
            from = from[(GroupHeader + (8 * names))..];
            for (int i = 0; i < count; i++)
            {
                if ((from[0] & ~Opened) >= names)
                {
                    return default;
                }

                entries.Add(ReadEntry(from[..size], kind, service, backends));
                from = from[size..];
            }
        }

        return entries.ToImmutable();
    }

    private static int Write(SharedFlow entry, byte kind, int backend, Span<byte> to)
    {
        to[0] = (byte)(backend | (entry.Opened ? Opened : 0));
        BinaryPrimitives.WriteUInt16BigEndian(to[1..], entry.Port);
        entry.Client.TryWriteBytes(to[3..], out int length);
        if ((kind & WithIdle) != 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(to[(3 + length)..], (ushort)Math.Clamp(entry.Idle.TotalSeconds, 0, ushort.MaxValue));
        }

        if (entry.Vip is { } vip)
        {
            Span<byte> asked = to[(SizeOf(kind) - VipSize(kind))..];
            BinaryPrimitives.WriteUInt16BigEndian(asked, entry.VipPort);
            vip.TryWriteBytes(asked[2..], out _);
        }

        return SizeOf(kind);
    }

    private static SharedFlow ReadEntry(ReadOnlySpan<byte> from, byte kind, ulong service, ReadOnlySpan<byte> backends)
    {
        int length = (kind & V6) != 0 ? 16 : 4;
        return new SharedFlow(
            service,
            BinaryPrimitives.ReadUInt64BigEndian(backends[(8 * (from[0] & ~Opened))..]),
            new IPAddress(from.Slice(3, length)),
            BinaryPrimitives.ReadUInt16BigEndian(from[1..]),
            (kind & WithIdle) != 0
                ? TimeSpan.FromSeconds(BinaryPrimitives.ReadUInt16BigEndian(from[(3 + length)..]))
                : TimeSpan.Zero,
            (from[0] & Opened) != 0)
        {
            Vip = (kind & WithVip) == 0 ? null : new IPAddress(from[(SizeOf(kind) - length)..SizeOf(kind)]),
            VipPort = (kind & WithVip) == 0 ? (ushort)0 : BinaryPrimitives.ReadUInt16BigEndian(from[(SizeOf(kind) - length - 2)..]),
        };
    }

    /// <summary>How many entries the next group has, and which backends.</summary>
    private static int Next(ReadOnlySpan<SharedFlow> entries, List<ulong> backends)
    {
        byte kind = KindOf(entries[0]);
        for (int i = 0; i < entries.Length; i++)
        {
            bool isNew = !backends.Contains(entries[i].Backend);
            if (entries[i].Service != entries[0].Service || KindOf(entries[i]) != kind || (isNew && backends.Count == MostBackends))
            {
                return i;
            }

            if (isNew)
            {
                backends.Add(entries[i].Backend);
            }
        }

        return entries.Length;
    }

    private static byte KindOf(SharedFlow entry) => (byte)(
        (entry.Client.AddressFamily == AddressFamily.InterNetworkV6 ? V6 : 0)
        | (entry.Idle >= TimeSpan.FromSeconds(1) ? WithIdle : 0)
        | (entry.Vip is null ? 0 : WithVip));

    private static int SizeOf(byte kind) => ((kind & V6) != 0 ? 19 : 7) + ((kind & WithIdle) != 0 ? 2 : 0) + VipSize(kind);

    private static int VipSize(byte kind) => (kind & WithVip) == 0 ? 0 : (kind & V6) != 0 ? 18 : 6;
}
