using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Lb.Actors;

/// <summary>
/// The bytes of what is said of slots: fingerprint of the assignment and number of slots, the states that there are, each
/// once, then runs (<see cref="SlotRuns"/>). They go in parts, which say nothing alone.
/// </summary>
internal static class SlotCodec
{
    private const int PartHeader = 20;
    private const int Fixed = 12;
    private const byte Busy = 0x80;

    /// <summary>Splits what is said into parts that fit into messages; there is at least one.</summary>
    /// <param name="report">What is said.</param>
    /// <param name="serial">Its number: parts of two packings do not go together, so each has its own.</param>
    /// <param name="now">Now: times become ages.</param>
    /// <param name="room">Bytes of a message.</param>
    public static ImmutableArray<ShareContent.Slots> Pack(SlotReport report, long serial, long now, int room)
    {
        byte[] bytes = Write(report, now);
        int each = room - PartHeader;
        int total = (bytes.Length + each - 1) / each;
        return
        [
            .. Enumerable.Range(0, total).Select(index => new ShareContent.Slots(
                serial, index, total, report.Service, bytes.AsMemory(index * each, Math.Min(each, bytes.Length - (index * each))))),
        ];
    }

    /// <summary>Puts parts together that are all there and were packed at once; null when they are damaged.</summary>
    /// <param name="parts">The parts, in order.</param>
    /// <param name="now">Now: ages become times.</param>
    public static SlotReport? Unpack(IReadOnlyList<ShareContent.Slots> parts, long now)
    {
        byte[] bytes = new byte[parts.Sum(part => part.Bytes.Length)];
        int at = 0;
        foreach (ShareContent.Slots part in parts)
        {
            part.Bytes.CopyTo(bytes.AsMemory(at));
            at += part.Bytes.Length;
        }

        return Read(parts[0].Service, bytes, now);
    }

    /// <summary>Writes a part and says how many bytes it took.</summary>
    public static int Write(ShareContent.Slots part, Span<byte> to)
    {
        BinaryPrimitives.WriteInt64BigEndian(to, part.Serial);
        BinaryPrimitives.WriteUInt16BigEndian(to[8..], checked((ushort)part.Index));
        BinaryPrimitives.WriteUInt16BigEndian(to[10..], checked((ushort)part.Total));
        BinaryPrimitives.WriteUInt64BigEndian(to[12..], part.Service);
        part.Bytes.Span.CopyTo(to[PartHeader..]);
        return PartHeader + part.Bytes.Length;
    }

    /// <summary>Reads a part; null when it is damaged.</summary>
    public static ShareContent.Slots? Read(ReadOnlySpan<byte> from) => from.Length <= PartHeader
        ? null
        : new ShareContent.Slots(
            BinaryPrimitives.ReadInt64BigEndian(from),
            BinaryPrimitives.ReadUInt16BigEndian(from[8..]),
            BinaryPrimitives.ReadUInt16BigEndian(from[10..]),
            BinaryPrimitives.ReadUInt64BigEndian(from[12..]),
            from[PartHeader..].ToArray());

    private static byte[] Write(SlotReport report, long now)
    {
        ImmutableArray<SlotState> states = report.Runs.States;
        List<byte> bytes = new(Fixed + (16 * states.Length) + report.Runs.Bytes.Length);
        CollectionsMarshal.SetCount(bytes, Fixed);
        BinaryPrimitives.WriteUInt64BigEndian(CollectionsMarshal.AsSpan(bytes), report.Digest);
        BinaryPrimitives.WriteInt32BigEndian(CollectionsMarshal.AsSpan(bytes)[8..], report.Slots);
        ShareNumber.Write(bytes, (uint)states.Length);
        foreach (SlotState state in states)
        {
            int at = bytes.Count;
            CollectionsMarshal.SetCount(bytes, at + 9);
            BinaryPrimitives.WriteUInt64BigEndian(CollectionsMarshal.AsSpan(bytes)[at..], state.Previous);
            bytes[at + 8] = (byte)((byte)state.Step | (state.Busy ? Busy : 0));
            ShareNumber.Write(bytes, (uint)Math.Clamp((now - state.Since) / TimeSpan.TicksPerSecond, 0, uint.MaxValue));
        }

        bytes.AddRange(report.Runs.Bytes);
        return [.. bytes];
    }

    private static SlotReport? Read(ulong service, ReadOnlySpan<byte> from, long now)
    {
        ReadOnlySpan<byte> rest = from.Length < Fixed ? [] : from[Fixed..];
        if (!ShareNumber.TryRead(ref rest, out uint count) || count > rest.Length)
        {
            return null;
        }

        ImmutableArray<SlotState>.Builder states = ImmutableArray.CreateBuilder<SlotState>((int)count);
        for (; count > 0; count--)
        {
            if (rest.Length < 9)
            {
                return null;
            }

            ReadOnlySpan<byte> state = rest;
            rest = rest[9..];
            if (!ShareNumber.TryRead(ref rest, out uint age))
            {
                return null;
            }

            states.Add(new SlotState(
                BinaryPrimitives.ReadUInt64BigEndian(state),
                (SlotStep)(state[8] & ~Busy),
                (state[8] & Busy) != 0,
                now - (age * TimeSpan.TicksPerSecond)));
        }

        int slots = BinaryPrimitives.ReadInt32BigEndian(from[8..]);
        return SlotRuns.Read(states.DrainToImmutable(), rest, slots) is { } runs
            ? new SlotReport(service, BinaryPrimitives.ReadUInt64BigEndian(from), slots, runs)
            : null;
    }
}
