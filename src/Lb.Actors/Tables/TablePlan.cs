using Lb.Kernel;

namespace Lb.Actors;

/// <summary>What a new assignment does to the slots of a table.</summary>
/// <param name="Slots">The new slots, of the same size.</param>
/// <param name="Changed">Slots with another current backend.</param>
/// <param name="Moved">Slots that are moved now.</param>
/// <param name="Waiting">
/// Slots of which the flows at home were in no flow table until now: each has the flow memory from now to show up.
/// </param>
public sealed record TableChange(Slot[] Slots, int Changed, int Moved, IReadOnlyList<int> Waiting);

/// <summary>
/// Plans the disruption of a table change: which slots stay clean, which are moved, and where flows go that are in
/// no flow table.
/// </summary>
/// <remarks>
/// What a flow without an entry has so far been sent to is the slot's <em>home</em>: its current backend while it is
/// clean, else its previous one, else (UDP with its window over) the current one again. Whatever else may hold flows
/// of the slot holds them through entries. A slot that changes therefore takes its home as previous.
/// <list type="bullet">
/// <item>Home alive: moved, so that entries are looked up and unknown flows stay at home. This also covers the slot
/// that returns to its home: it stays moved with current = previous until the entries of those in between are
/// gone.</item>
/// <item>Home dead, slot clean: clean. Its flows are lost, and no other backend has any.</item>
/// <item>Home dead, slot moved: moved with previous = current. Unknown flows are lost, but entries may name third
/// backends that are alive, and a clean slot would not look them up.</item>
/// </list>
/// Where clients are to be told of flows that have lost their backend, a dead home is taken as previous as a living one
/// is: unknown flows are known to be its own, and while the slot is moved a SYN is remembered.
/// </remarks>
public static class TablePlan
{
    /// <summary>Plans the change to a new assignment.</summary>
    /// <param name="old">The slots so far, of the size of the assignment.</param>
    /// <param name="assignment">Backend id of each slot; 0 where there is none for new flows.</param>
    /// <param name="tracking">With <see cref="Tracking.None"/> every slot is clean.</param>
    /// <param name="alive">Ids of the backends that keep the flows they have.</param>
    /// <param name="resets">Clients are told of flows whose backend is dead.</param>
    public static TableChange Change(
        ReadOnlySpan<Slot> old,
        ReadOnlySpan<uint> assignment,
        Tracking tracking,
        IReadOnlySet<uint> alive,
        bool resets = false)
    {
        if (old.Length != assignment.Length)
        {
            throw new ArgumentException($"{old.Length} slots cannot become {assignment.Length}.", nameof(assignment));
        }

        Slot[] slots = new Slot[old.Length];
        List<int> waiting = [];
        bool[] living = Flags(alive);
        // With nobody to take new flows, entries still need a moved slot, and that any backend to be moved from.
        uint refuge = alive.Count == 0 ? 0 : alive.Min();
        int changed = 0;
        int moved = 0;
        for (int i = 0; i < slots.Length; i++)
        {
            Slot slot = tracking == Tracking.None
                ? new Slot(assignment[i])
                : Next(old[i], assignment[i], living, refuge, resets);
            slots[i] = slot;
            changed += slot.Current != old[i].Current ? 1 : 0;
            moved += slot.IsClean ? 0 : 1;
            if (!slot.IsClean && slot != old[i] && (old[i].IsClean || old[i].WindowOver))
            {
                waiting.Add(i);
            }
        }

        return new TableChange(slots, changed, moved, waiting);
    }

    /// <summary>Marks every slot moved in place, so that entries made under <c>full</c> are still looked up.</summary>
    public static Slot[] LookUpAll(ReadOnlySpan<Slot> old)
    {
        Slot[] slots = new Slot[old.Length];
        for (int i = 0; i < slots.Length; i++)
        {
            slots[i] = old[i].IsClean ? new Slot(old[i].Current, old[i].Current) : old[i];
        }

        return slots;
    }

    /// <summary>Where a flow of a slot goes that is in no flow table and is not known to be new.</summary>
    internal static uint Home(Slot slot) => slot.IsClean || slot.WindowOver ? slot.Current : slot.Previous;

    private static Slot Next(Slot old, uint current, bool[] living, uint refuge, bool resets)
    {
        bool same = current == old.Current;
        uint home = Home(old);
        if (IsLiving(living, home))
        {
            // A slot that keeps its backend keeps its state; its window goes on.
            return same && (old.IsClean || !old.WindowOver || IsLiving(living, old.Previous)) ? old
                : same ? new Slot(current, current, old.WindowOver)
                : new Slot(current, home);
        }

        if (resets && home != 0)
        {
            return new Slot(current, home);
        }

        if (old.IsClean)
        {
            return new Slot(current);
        }

        return new Slot(current, current != 0 ? current : refuge, same && old.WindowOver);
    }

    private static bool IsLiving(bool[] living, uint id) => id < (uint)living.Length && living[id];

    private static bool[] Flags(IReadOnlySet<uint> ids)
    {
        bool[] flags = new bool[ids.Count == 0 ? 0 : ids.Max() + 1];
        foreach (uint id in ids)
        {
            flags[id] = true;
        }

        return flags;
    }
}
