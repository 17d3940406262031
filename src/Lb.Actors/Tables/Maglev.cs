using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>A backend as the table builder sees it.</summary>
/// <param name="Identity">What seeds its permutation: the same on every node, whatever it is called.</param>
/// <param name="Id">What is written into its slots; not 0.</param>
/// <param name="Weight">Its turns relative to the others', 0 to 65535; 0 takes no slot.</param>
public readonly record struct MaglevMember(Endpoint Identity, uint Id, int Weight);

/// <summary>
/// Maglev hashing (Eisenbud et al., NSDI 2016, §3.4) with weights: backends take turns, and at its turn each takes
/// the first free slot of its own permutation of the table.
/// </summary>
/// <remarks>
/// The k-th turn of a backend of weight w comes at the time (k - 1/2) / w, so that it gets its share of the slots to
/// within one slot, whatever the other weights are, and the order of the others' turns stays when one leaves. Turns
/// of one moment follow the order of identities. Times are counted in units of 1 / P, P being the power of two at or
/// above the largest weight, and the turns wait in a ring of as many queues: a turn costs its probes and no sorting.
/// </remarks>
public static class Maglev
{
    /// <summary>Largest weight.</summary>
    public const int WeightLimit = 65_535;

    /// <summary>Fills a table. The order of the pool does not matter.</summary>
    /// <param name="pool">Backends, each identity once.</param>
    /// <param name="slots">The table; its length is a prime of at least 3.</param>
    /// <exception cref="ArgumentException">An identity is there twice, or a weight is out of range.</exception>
    public static void Fill(ReadOnlySpan<MaglevMember> pool, Span<uint> slots)
    {
        slots.Clear();
        Turn[] turns = ArrayPool<Turn>.Shared.Rent(Math.Max(1, pool.Length));
        int count = Seat(pool, turns, (uint)slots.Length, out uint unit);
        if (count > 0)
        {
            TakeTurns(turns.AsSpan(0, count), unit, slots);
        }

        ArrayPool<Turn>.Shared.Return(turns);
    }

    /// <summary>Puts the members of a weight above 0 in the order of identities, each before its first turn.</summary>
    private static int Seat(ReadOnlySpan<MaglevMember> pool, Turn[] turns, uint size, out uint unit)
    {
        Key[] keys = ArrayPool<Key>.Shared.Rent(Math.Max(1, pool.Length));
        int count = 0;
        uint heaviest = 0;
        uint divisor = 0;
        foreach (MaglevMember member in pool)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(member.Weight, nameof(pool));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(member.Weight, WeightLimit, nameof(pool));
            ArgumentOutOfRangeException.ThrowIfZero(member.Id, nameof(pool));
            if (member.Weight > 0)
            {
                keys[count++] = new Key(IdentityHash.Tail(member.Identity), IdentityHash.Address(member.Identity), member);
                heaviest = Math.Max(heaviest, (uint)member.Weight);
                divisor = (uint)BigInteger.GreatestCommonDivisor(divisor, member.Weight);
            }
        }

        keys.AsSpan(0, count).Sort();
        unit = count == 0 ? 1 : BitOperations.RoundUpToPowerOf2(heaviest / divisor);
        for (int i = 0; i < count; i++)
        {
            if (i > 0 && keys[i].CompareTo(keys[i - 1]) == 0)
            {
                throw new ArgumentException($"The pool has {keys[i].Member.Identity} twice.", nameof(pool));
            }

            turns[i] = new Turn(keys[i], (uint)keys[i].Member.Weight / divisor, unit, size);
        }

        ArrayPool<Key>.Shared.Return(keys, clearArray: true);
        return count;
    }

    // A node builds few tables: too few for tiering to arrive at this code before it mattered.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TakeTurns(Span<Turn> turns, uint unit, Span<uint> slots)
    {
        uint size = (uint)slots.Length;
        // No turn is more than unit + 1 moments ahead.
        int ring = (int)unit * 2;
        Queue[] queues = ArrayPool<Queue>.Shared.Rent(ring);
        int words = (int)((size + 63) / 64);
        ulong[] bitmap = ArrayPool<ulong>.Shared.Rent(words);
        Span<ulong> taken = bitmap.AsSpan(0, words);
        taken.Clear();
        queues.AsSpan(0, ring).Fill(Queue.Empty);
        for (int i = 0; i < turns.Length; i++)
        {
            Append(queues, (int)turns[i].FirstMoment(unit), turns, i);
        }

        uint left = size;
        for (int moment = 0; left > 0; moment = (moment + 1) & (ring - 1))
        {
            int next = queues[moment].Head;
            queues[moment] = Queue.Empty;
            while (next >= 0 && left > 0)
            {
                int now = next;
                ref Turn turn = ref turns[now];
                next = turn.Next;
                slots[(int)turn.Take(taken, size)] = turn.Id;
                left--;
                Append(queues, (int)((uint)moment + turn.Wait()) & (ring - 1), turns, now);
            }
        }

        ArrayPool<ulong>.Shared.Return(bitmap);
        ArrayPool<Queue>.Shared.Return(queues);
    }

    private static void Append(Queue[] queues, int moment, Span<Turn> turns, int member)
    {
        ref Queue queue = ref queues[moment];
        turns[member].Next = -1;
        if (queue.Head < 0)
        {
            queue.Head = member;
        }
        else
        {
            turns[queue.Tail].Next = member;
        }

        queue.Tail = member;
    }

    private readonly record struct Key(uint Tail, UInt128 Address, MaglevMember Member) : IComparable<Key>
    {
        public int CompareTo(Key other) =>
            Tail != other.Tail ? Tail.CompareTo(other.Tail) : Address.CompareTo(other.Address);
    }

    /// <summary>Members whose turn is at one moment, linked through <see cref="Turn.Next"/>.</summary>
    private record struct Queue(int Head, int Tail)
    {
        public static readonly Queue Empty = new(-1, -1);
    }

    /// <summary>A member's place in its permutation and in time.</summary>
    private struct Turn
    {
        private readonly uint _skip;
        private readonly uint _weight;
        private readonly uint _wait;
        private readonly uint _remainder;
        private uint _position;
        private uint _error;

        public Turn(in Key key, uint weight, uint unit, uint size)
        {
            (ulong offset, ulong skip) = IdentityHash.Of(key.Tail, key.Address);
            Id = key.Member.Id;
            _position = (uint)(offset % size);
            _skip = 1 + (uint)(skip % (size - 1));
            _weight = weight;
            // Times in units of 1 / P, in half steps: the first turn at P / 2w, the others P / w apart.
            _wait = unit / weight;
            _remainder = 2 * (unit % weight);
            _error = unit % (2 * weight);
            Next = -1;
        }

        public uint Id { get; }

        public int Next { get; set; }

        public readonly uint FirstMoment(uint unit) => unit / (2 * _weight);

        /// <summary>Takes the first free slot of the permutation.</summary>
        public uint Take(Span<ulong> taken, uint size)
        {
            uint position = _position;
            uint skip = _skip;
            while ((taken[(int)(position >> 6)] >> (int)position & 1) != 0)
            {
                position = Step(position, skip, size);
            }

            taken[(int)(position >> 6)] |= 1UL << (int)position;
            _position = Step(position, skip, size);
            return position;
        }

        /// <summary>The next position: below the size, the difference wraps round to a larger number.</summary>
        private static uint Step(uint position, uint skip, uint size) =>
            Math.Min(position + skip, position + skip - size);

        /// <summary>Moments until the next turn.</summary>
        public uint Wait()
        {
            _error += _remainder;
            if (_error < 2 * _weight)
            {
                return _wait;
            }

            _error -= 2 * _weight;
            return _wait + 1;
        }
    }
}
