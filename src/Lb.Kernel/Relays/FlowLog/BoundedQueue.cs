namespace Lb.Kernel.Relays;

/// <summary>
/// A queue of fixed size without locks: many threads add, one takes. Each cell has a number that says whose turn it is (the
/// bounded queue of D. Vyukov).
/// </summary>
internal sealed class BoundedQueue<T>
    where T : struct
{
    private readonly Cell[] _cells;
    private readonly int _mask;
    private long _added;
    private long _taken;

    /// <summary>Makes one.</summary>
    /// <param name="size">Room; a power of two.</param>
    public BoundedQueue(int size)
    {
        _mask = size - 1;
        _cells = new Cell[size];
        for (int i = 0; i < size; i++)
        {
            _cells[i].Turn = i;
        }
    }

    /// <summary>How many were added.</summary>
    public long Written => Interlocked.Read(ref _added);

    /// <summary>Adds one.</summary>
    /// <param name="value">What.</param>
    /// <param name="waiting">How many wait now, about.</param>
    /// <returns>Whether there was room.</returns>
    public bool TryAdd(in T value, out long waiting)
    {
        long at = Volatile.Read(ref _added);
        while (true)
        {
            ref Cell cell = ref _cells[at & _mask];
            long turn = Volatile.Read(ref cell.Turn);
            if (turn == at)
            {
                long seen = Interlocked.CompareExchange(ref _added, at + 1, at);
                if (seen == at)
                {
                    cell.Value = value;
                    Volatile.Write(ref cell.Turn, at + 1);
                    waiting = at + 1 - Volatile.Read(ref _taken);
                    return true;
                }

                at = seen;
            }
            else if (turn < at)
            {
                waiting = 0;
                return false;
            }
            else
            {
                at = Volatile.Read(ref _added);
            }
        }
    }

    /// <summary>Takes the oldest; one thread at a time.</summary>
    public bool TryTake(out T value)
    {
        ref Cell cell = ref _cells[_taken & _mask];
        if (Volatile.Read(ref cell.Turn) != _taken + 1)
        {
            value = default;
            return false;
        }

        value = cell.Value;
        cell.Value = default;
        Volatile.Write(ref cell.Turn, _taken + _cells.Length);
        Volatile.Write(ref _taken, _taken + 1);
        return true;
    }

    private struct Cell
    {
        public long Turn;
        public T Value;
    }
}
