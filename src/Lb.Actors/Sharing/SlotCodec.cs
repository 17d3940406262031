using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>
/// The bytes of what is said of slots: the states that there are, each once, then runs of slots as their distance to the one
/// before, their length and the number of their state.
/// </summary>
internal static class SlotCodec
{
    private const int Fixed = 33;
    private const int StateSize = 13;
    private const byte Busy = 0x80;

    /// <summary>Splits what is said into parts that fit into messages; there is at least one.</summary>
    /// <param name="report">What is said.</param>
    /// <param name="serial">Its number.</param>
    /// <param name="now">Now: times become ages.</param>
    /// <param name="room">Bytes of a message.</param>
    public static ImmutableArray<ShareContent.Slots> Pack(SlotReport report, long serial, long now, int room)
    {
        List<SlotRuns> parts = [];
        SlotRuns.Builder part = new();
        int end = 0;
        HashSet<SlotState> states = [];
        int used = Fixed;
        foreach (SlotRun run in report.Runs)
        {
            SlotRun aged = run with { State = run.State with { Since = AgeOf(run.State.Since, now) } };
            int needed = SizeOf(run, end) + (states.Contains(aged.State) ? 0 : StateSize);
            if (used + needed > room || states.Count == byte.MaxValue)
            {
                parts.Add(part.Build());
                part = new SlotRuns.Builder();
                states.Clear();
                used = Fixed;
                needed = SizeOf(run, 0) + StateSize;
            }

            states.Add(aged.State);
            part.Add(aged.Start, aged.Length, aged.State);
            end = aged.End;
            used += needed;
        }

        parts.Add(part.Build());
        return [.. parts.Select((runs, index) => new ShareContent.Slots(serial, index, parts.Count, report with { Runs = runs }))];
    }

    /// <summary>Writes a part and says how many bytes it took.</summary>
    public static int Write(ShareContent.Slots slots, Span<byte> to)
    {
        SlotReport report = slots.Part;
        ImmutableArray<SlotState> states = report.Runs.States;
        BinaryPrimitives.WriteInt64BigEndian(to, slots.Serial);
        BinaryPrimitives.WriteUInt16BigEndian(to[8..], checked((ushort)slots.Index));
        BinaryPrimitives.WriteUInt16BigEndian(to[10..], checked((ushort)slots.Total));
        BinaryPrimitives.WriteUInt64BigEndian(to[12..], report.Service);
        BinaryPrimitives.WriteUInt64BigEndian(to[20..], report.Digest);
        BinaryPrimitives.WriteInt32BigEndian(to[28..], report.Slots);
        to[32] = checked((byte)states.Length);
        int at = Fixed;
        foreach (SlotState state in states)
        {
            BinaryPrimitives.WriteUInt64BigEndian(to[at..], state.Previous);
            BinaryPrimitives.WriteUInt32BigEndian(to[(at + 8)..], (uint)(state.Since / TimeSpan.TicksPerSecond));
            to[at + 12] = (byte)((byte)state.Step | (state.Busy ? Busy : 0));
            at += StateSize;
        }

        int last = 0;
        foreach (SlotRun run in report.Runs)
        {
            at += WriteNumber(to[at..], (uint)(run.Start - last));
            at += WriteNumber(to[at..], (uint)run.Length);
            to[at++] = (byte)states.IndexOf(run.State);
            last = run.End;
        }

        return at;
    }

    /// <summary>Reads a part; null when it is damaged.</summary>
    public static ShareContent.Slots? Read(ReadOnlySpan<byte> from)
    {
        if (from.Length < Fixed || from.Length < Fixed + (StateSize * from[32]))
        {
            return null;
        }

        SlotState[] states = new SlotState[from[32]];
        for (int i = 0; i < states.Length; i++)
        {
            ReadOnlySpan<byte> state = from[(Fixed + (StateSize * i))..];
            states[i] = new SlotState(
                BinaryPrimitives.ReadUInt64BigEndian(state),
                (SlotStep)(state[12] & ~Busy),
                (state[12] & Busy) != 0,
                BinaryPrimitives.ReadUInt32BigEndian(state[8..]) * TimeSpan.TicksPerSecond);
        }

        int slots = BinaryPrimitives.ReadInt32BigEndian(from[28..]);
        SlotRuns.Builder runs = new();
        ReadOnlySpan<byte> rest = from[(Fixed + (StateSize * states.Length))..];
        long last = 0;
        while (!rest.IsEmpty)
        {
            if (!ReadNumber(ref rest, out uint gap) || !ReadNumber(ref rest, out uint length)
                || rest.IsEmpty || rest[0] >= states.Length || last + gap + length > slots)
            {
                return null;
            }

            runs.Add((int)(last + gap), (int)length, states[rest[0]]);
            last += gap + length;
            rest = rest[1..];
        }

        return new ShareContent.Slots(
            BinaryPrimitives.ReadInt64BigEndian(from),
            BinaryPrimitives.ReadUInt16BigEndian(from[8..]),
            BinaryPrimitives.ReadUInt16BigEndian(from[10..]),
            new SlotReport(
                BinaryPrimitives.ReadUInt64BigEndian(from[12..]),
                BinaryPrimitives.ReadUInt64BigEndian(from[20..]),
                slots,
                runs.Build()));
    }

    /// <summary>In whole seconds, as it is written.</summary>
    private static long AgeOf(long since, long now) =>
        Math.Clamp((now - since) / TimeSpan.TicksPerSecond, 0, uint.MaxValue) * TimeSpan.TicksPerSecond;

    private static int SizeOf(SlotRun run, int last) => SizeOf((uint)(run.Start - last)) + SizeOf((uint)run.Length) + 1;

    private static int SizeOf(uint number) => 1 + (System.Numerics.BitOperations.Log2(number | 1) / 7);

    private static int WriteNumber(Span<byte> to, uint number)
    {
        int at = 0;
        for (; number >= 0x80; number >>= 7)
        {
            to[at++] = (byte)(number | 0x80);
        }

        to[at] = (byte)number;
        return at + 1;
    }

    private static bool ReadNumber(ref ReadOnlySpan<byte> from, out uint number)
    {
        number = 0;
        for (int shift = 0; shift < 35 && !from.IsEmpty; shift += 7)
        {
            byte next = from[0];
            from = from[1..];
            number |= (uint)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return true;
            }
        }

        return false;
    }
}
