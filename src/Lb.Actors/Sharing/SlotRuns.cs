using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Lb.Actors;

/// <summary>
/// Runs of slots, in order. What they say is kept once, and runs by number: just after a start most slots of a table may be
/// moved, each unlike its neighbours, and a node keeps what every other one says of every service.
/// </summary>
[CollectionBuilder(typeof(SlotRuns), nameof(Of))]
internal sealed class SlotRuns : IEnumerable<SlotRun>
{
    private readonly ImmutableArray<SlotState> _states;
    private readonly ImmutableArray<Packed> _runs;

    private SlotRuns(ImmutableArray<SlotState> states, ImmutableArray<Packed> runs)
    {
        _states = states;
        _runs = runs;
    }

    /// <summary>No run: all slots are clean.</summary>
    public static SlotRuns None { get; } = new([], []);

    /// <summary>How many there are.</summary>
    public int Count => _runs.Length;

    /// <summary>What is said, each once.</summary>
    public ImmutableArray<SlotState> States => _states;

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

    /// <summary>The same runs, of which something else is said.</summary>
    public SlotRuns Say(Func<SlotState, SlotState> change) => new([.. _states.Select(change)], _runs);

    /// <summary>Whether both say the same of the same slots; each was built in order.</summary>
    public bool SaysSame(SlotRuns other) =>
        _states.AsSpan().SequenceEqual(other._states.AsSpan()) && _runs.AsSpan().SequenceEqual(other._runs.AsSpan());

    /// <inheritdoc/>
    public IEnumerator<SlotRun> GetEnumerator()
    {
        foreach (Packed run in _runs)
        {
            yield return new SlotRun(run.Start, run.Length, _states[run.State]);
        }
    }

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Takes runs in order, and joins those that touch and say the same.</summary>
    internal sealed class Builder
    {
        private readonly List<SlotState> _states = [];
        private readonly Dictionary<SlotState, int> _numbers = [];
        private readonly List<Packed> _runs = [];

        /// <summary>Adds a run behind those that are there.</summary>
        public void Add(int start, int length, SlotState state)
        {
            if (!_numbers.TryGetValue(state, out int number))
            {
                number = _states.Count;
                _numbers.Add(state, number);
                _states.Add(state);
            }

            Span<Packed> runs = CollectionsMarshal.AsSpan(_runs);
            if (!runs.IsEmpty && runs[^1].State == number && runs[^1].Start + runs[^1].Length == start)
            {
                runs[^1] = runs[^1] with { Length = runs[^1].Length + length };
            }
            else
            {
                _runs.Add(new Packed(start, length, number));
            }
        }

        /// <summary>What was taken.</summary>
        public SlotRuns Build() => _runs.Count == 0 ? None : new SlotRuns([.. _states], [.. _runs]);
    }

    private readonly record struct Packed(int Start, int Length, int State);
}
