using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>A service's table: its slots, and since when each moved one waits.</summary>
/// <param name="Slots">The slots; <see cref="Slot"/> numbers are the service's own backend ids.</param>
/// <param name="Since">Timestamp from which a moved slot waits for its older flows; 0 for a clean one.</param>
/// <param name="ResizedFrom">
/// The size before the last change of size while slots are moved, else 0: until then a flow entry may carry a slot
/// number of that size.
/// </param>
public sealed record TableState(ImmutableArray<Slot> Slots, ImmutableArray<long> Since, int ResizedFrom)
{
    /// <summary>No table.</summary>
    public static TableState Empty { get; } = new([], [], 0);

    /// <summary>Number of moved slots.</summary>
    public int Moved { get; } = CountMoved(Slots.AsSpan());

    /// <summary>A table found in the kernel. When its slots moved is not known: they wait from now on.</summary>
    public static TableState Adopt(ImmutableArray<Slot> slots, long now)
    {
        long[] since = new long[slots.Length];
        for (int i = 0; i < since.Length; i++)
        {
            since[i] = slots[i].IsClean ? 0 : now;
        }

        return new TableState(slots, Seal(since), 0);
    }

    /// <summary>The table with a new assignment of its slots.</summary>
    /// <param name="assignment">Backend id by slot; a length other than the table's changes its size.</param>
    /// <param name="tracking">Which flows the service remembers.</param>
    /// <param name="alive">Backends that keep the flows they have.</param>
    /// <param name="now">Timestamp.</param>
    /// <param name="resets">Clients are told of flows whose backend is dead.</param>
    public TableState Assign(
        ReadOnlySpan<uint> assignment, Tracking tracking, IReadOnlySet<uint> alive, long now, bool resets = false)
    {
        int size = assignment.Length;
        bool resized = Slots.Length != 0 && Slots.Length != size;
        ReadOnlySpan<Slot> old = Slots.Length == size ? Slots.AsSpan() : TableSize.Carry(Slots.AsSpan(), size);
        TableChange change = TablePlan.Change(old, assignment, tracking, alive, resets);
        long[] since = new long[size];
        for (int i = 0; i < size; i++)
        {
            since[i] = change.Slots[i].IsClean ? 0 : resized || Since.Length != size ? now : Since[i];
        }

        foreach (int slot in change.Waiting)
        {
            since[slot] = now;
        }

        int from = change.Moved == 0 ? 0 : resized ? Slots.Length : ResizedFrom;
        return new TableState(Seal(change.Slots), Seal(since), from);
    }

    /// <summary>The table with every slot looked up, for when the service stops to track every flow.</summary>
    public TableState LookUpAll(long now) => Adopt(Seal(TablePlan.LookUpAll(Slots.AsSpan())), now);

    /// <summary>The table after a sweep.</summary>
    /// <param name="clean">Moved slots that become clean.</param>
    /// <param name="windowOver">UDP slots whose window is over.</param>
    public TableState Settle(IReadOnlyCollection<int> clean, IReadOnlyCollection<int> windowOver)
    {
        Slot[] slots = [.. Slots];
        long[] since = [.. Since];
        foreach (int i in windowOver)
        {
            slots[i] = new Slot(slots[i].Current, slots[i].Previous, windowOver: true);
        }

        foreach (int i in clean)
        {
            slots[i] = new Slot(slots[i].Current);
            since[i] = 0;
        }

        return new TableState(Seal(slots), Seal(since), CountMoved(slots) == 0 ? 0 : ResizedFrom);
    }

    /// <summary>The table with slots as other nodes have them.</summary>
    internal TableState Take(IReadOnlyCollection<SlotChange> changes)
    {
        Slot[] slots = [.. Slots];
        long[] since = [.. Since];
        foreach (SlotChange change in changes)
        {
            slots[change.Number] = change.To;
            since[change.Number] = change.Since;
        }

        return new TableState(Seal(slots), Seal(since), CountMoved(slots) == 0 ? 0 : ResizedFrom);
    }

    private static int CountMoved(ReadOnlySpan<Slot> slots)
    {
        int moved = 0;
        foreach (Slot slot in slots)
        {
            moved += slot.IsClean ? 0 : 1;
        }

        return moved;
    }

    private static ImmutableArray<T> Seal<T>(T[] array) => ImmutableCollectionsMarshal.AsImmutableArray(array);
}
