using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Lb.Actors;

/// <summary>
/// Runs of slots, in order. What they say is kept once, and runs as bytes: just after a start most slots of a table may be
/// moved, each unlike its neighbours, and a node keeps what every other one says of every service.
/// </summary>
/// <remarks>
/// A run is a byte with its distance to the one before in the high four bits and its length less 1 in the low ones, each
/// 15 where a number follows that is to be added (the distance's first), then the number of its state. Numbers are LEB128.
/// </remarks>
[CollectionBuilder(typeof(SlotRuns), nameof(Of))]
internal sealed class SlotRuns : IEnumerable<SlotRun>
{
    private const int Nibble = 15;

    private readonly byte[] _runs;

    private SlotRuns(ImmutableArray<SlotState> states, byte[] runs)
    {
        States = states;
        _runs = runs;
    }

    /// <summary>No run: all slots are clean.</summary>
    public static SlotRuns None { get; } = new([], []);

    /// <summary>What is said, each once.</summary>
    public ImmutableArray<SlotState> States { get; }

    /// <summary>The runs, as they are also sent.</summary>
    public ReadOnlySpan<byte> Bytes => _runs;

    /// <summary>Keeps runs.</summary>
    public static SlotRuns Of(ReadOnlySpan<SlotRun> runs)
    {
        Builder builder = new();
        foreach (SlotRun run in runs)
        {
            builder.Add(run.Start, run.Length, run.State);
        }

        return builder.Build();
    }

    /// <summary>Runs from bytes; null when they are damaged.</summary>
    /// <param name="states">What they say, by number.</param>
    /// <param name="bytes">The runs.</param>
    /// <param name="slots">How many slots there are.</param>
    public static SlotRuns? Read(ImmutableArray<SlotState> states, ReadOnlySpan<byte> bytes, int slots)
    {
        long end = 0;
        for (ReadOnlySpan<byte> rest = bytes; !rest.IsEmpty;)
        {
            if (!TryRead(ref rest, out uint gap, out uint length, out uint state) || state >= states.Length)
            {
                return null;
            }

            end += (long)gap + length;
            if (end > slots)
            {
                return null;
            }
        }

        return new SlotRuns(states, bytes.ToArray());
    }

    /// <summary>Whether both say the same of the same slots; each was built in order.</summary>
    public bool SaysSame(SlotRuns other) =>
        ReferenceEquals(this, other) || (States.AsSpan().SequenceEqual(other.States.AsSpan()) && Bytes.SequenceEqual(other.Bytes));

    /// <summary>The runs, in order.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <inheritdoc/>
    IEnumerator<SlotRun> IEnumerable<SlotRun>.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static bool TryRead(ref ReadOnlySpan<byte> from, out uint gap, out uint length, out uint state)
    {
        byte both = from[0];
        from = from[1..];
        length = 0;
        state = 0;
        return TryRead(ref from, both >> 4, out gap)
            && TryRead(ref from, both & Nibble, out length)
            && length++ < int.MaxValue
            && ShareNumber.TryRead(ref from, out state);
    }

    private static bool TryRead(ref ReadOnlySpan<byte> from, int nibble, out uint number)
    {
        number = (uint)nibble;
        if (nibble < Nibble)
        {
            return true;
        }

        bool isThere = ShareNumber.TryRead(ref from, out uint more);
        number += more;
        return isThere && more <= int.MaxValue;
    }

    /// <summary>Goes through runs; a value, since there may be one for each slot.</summary>
    internal struct Enumerator(SlotRuns runs) : IEnumerator<SlotRun>
    {
        private int _at;

        /// <inheritdoc/>
        public SlotRun Current { get; private set; }

        /// <inheritdoc/>
        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext()
        {
            if (_at == runs._runs.Length)
            {
                return false;
            }

            ReadOnlySpan<byte> rest = runs._runs.AsSpan(_at);
            TryRead(ref rest, out uint gap, out uint length, out uint state);
            _at = runs._runs.Length - rest.Length;
            Current = new SlotRun(Current.End + (int)gap, (int)length, runs.States[(int)state]);
            return true;
        }

        /// <inheritdoc/>
        public void Reset() => (_at, Current) = (0, default);

        /// <inheritdoc/>
        public readonly void Dispose()
        {
        }
    }

    /// <summary>Takes runs in order, and joins those that touch and say the same.</summary>
    internal sealed class Builder
    {
        private readonly List<SlotState> _states = [];
        private readonly Dictionary<SlotState, int> _numbers = [];
        private readonly List<byte> _runs = [];
        private SlotRun _last;
        private int _end;

        /// <summary>Adds a run behind those that are there.</summary>
        public void Add(int start, int length, SlotState state)
        {
            if (_last.Length > 0 && _last.End == start && _last.State == state)
            {
                _last = _last with { Length = _last.Length + length };
                return;
            }

            Flush();
            _last = new SlotRun(start, length, state);
        }

        /// <summary>What was taken.</summary>
        public SlotRuns Build()
        {
            Flush();
            _last = default;
            return _runs.Count == 0 ? None : new SlotRuns([.. _states], [.. _runs]);
        }

        private void Flush()
        {
            if (_last.Length == 0)
            {
                return;
            }

            uint gap = (uint)(_last.Start - _end);
            uint length = (uint)_last.Length - 1;
            _runs.Add((byte)((Math.Min(gap, Nibble) << 4) | Math.Min(length, Nibble)));
            WriteRest(gap);
            WriteRest(length);
            ShareNumber.Write(_runs, (uint)NumberOf(_last.State));
            _end = _last.End;
        }

        private void WriteRest(uint number)
        {
            if (number >= Nibble)
            {
                ShareNumber.Write(_runs, number - Nibble);
            }
        }

        private int NumberOf(SlotState state)
        {
            if (!_numbers.TryGetValue(state, out int number))
            {
                number = _states.Count;
                _numbers.Add(state, number);
                _states.Add(state);
            }

            return number;
        }
    }
}
