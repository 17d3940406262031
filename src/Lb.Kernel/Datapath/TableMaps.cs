using Lb.Kernel.Layout;
using Lb.Kernel.Maps;

namespace Lb.Kernel.Datapath;

/// <summary>The Maglev tables, each in two buffers of which one is live.</summary>
/// <remarks>
/// <para>
/// Table <c>t</c> has the entries <c>2t</c> and <c>2t + 1</c> of lb_tables. A swap fills the one that is not live and
/// then points the service at it, number of slots included, in the single update of its entry.
/// </para>
/// <para>
/// Table and number of slots change in one store that way, and a swap makes no map: an inner map is made only when a
/// buffer is missing or has another length.
/// </para>
/// </remarks>
internal sealed class TableMaps(ArrayOfMaps tables, ServiceMaps services, InnerTables inner) : IDisposable
{
    private const uint Buffers = 2;

    /// <summary>The live buffers of tables that no service names yet.</summary>
    private readonly Dictionary<uint, uint> _unnamed = [];

    /// <summary>Number of tables.</summary>
    public int Capacity => tables.Capacity / (int)Buffers;

    /// <summary>Table that an entry of lb_tables is a buffer of.</summary>
    public static uint TableOf(uint buffer) => buffer / Buffers;

    /// <summary>A service as its maps hold it, with its table in place of the buffer.</summary>
    public static ServiceEntry ToEntry(ServiceValue service) => new(
        service.Id, TableOf(service.Table), service.Slots, service.Seed, service.Mode, service.Tracking)
    {
        Logging = service.FlowLogging,
        ByTc = service.IsByTc,
        Resets = service.Resets,
        Relay = service.Relay,
    };

    /// <summary>Entries of lb_tables that so many tables take.</summary>
    public static int EntriesFor(int tableCount) => tableCount * (int)Buffers;

    /// <summary>Takes over the tables of an earlier start, and removes what a crash left of others.</summary>
    public void Adopt() => inner.Adopt([.. Held()]);

    /// <summary>What is wrong with the pins of buffers.</summary>
    public IEnumerable<SetupFault> CheckPins()
    {
        HashSet<uint> used = [];
        for (uint buffer = 0; buffer < (uint)tables.Capacity; buffer++)
        {
            if (tables[buffer] is not { } id)
            {
                continue;
            }

            used.Add(id);
            if (inner.FindPinProblem(id) is { } problem)
            {
                yield return new SetupFault(
                    SetupPart.TablePin, $"{buffer}", $"the pin of a buffer of table {TableOf(buffer)} {problem}");
            }
        }

        foreach (uint id in inner.Pinned().Where(id => !used.Contains(id)))
        {
            yield return new SetupFault(SetupPart.StrayPin, $"{id}", $"the pin of map {id} is of no table any more");
        }
    }

    /// <summary>Removes the pin of an inner map that no buffer holds.</summary>
    public void RemoveStray(uint id)
    {
        if (!Held().Contains(id))
        {
            inner.Forget(id);
        }
    }

    /// <summary>Pins a buffer again. A spare one that this process may not open is given up: a swap makes another.</summary>
    /// <exception cref="KernelException">It is live, and this process may not open it.</exception>
    public void MendPin(uint buffer)
    {
        if (tables[buffer] is not { } id || inner.FindPinProblem(id) is null || inner.TryPin(id))
        {
            return;
        }

        if (LiveBuffer(TableOf(buffer)) == buffer)
        {
            throw InnerTables.MayNotOpen(id);
        }

        tables.Delete(buffer);
        inner.Forget(id);
    }

    /// <summary>The live buffer of a table; the first one when it has none.</summary>
    public uint LiveBuffer(uint table)
    {
        CheckIndex(table);
        foreach (ServiceValue service in services.Known.Values)
        {
            if (TableOf(service.Table) == table)
            {
                return service.Table;
            }
        }

        return _unnamed.TryGetValue(table, out uint buffer) ? buffer : FirstFilled(table);
    }

    /// <summary>The slots; null when there is no such table.</summary>
    /// <param name="table">Index of the table.</param>
    /// <param name="expected">Returned itself when the slots are these.</param>
    public Slot[]? Read(uint table, Slot[]? expected = null)
    {
        using SlotArray? live = Open(LiveBuffer(table));
        return live is null ? null
            : expected is not null && live.Holds(expected) ? expected
            : live.Slots.ToArray();
    }

    /// <summary>One slot of a buffer, as the program finds it; null when it finds none.</summary>
    public Slot? ReadSlot(uint buffer, uint slot)
    {
        if (buffer >= (uint)tables.Capacity)
        {
            return null;
        }

        using SlotArray? array = Open(buffer);
        return array is not null && slot < (uint)array.Length ? array.Slots[(int)slot] : null;
    }

    /// <summary>The inner maps that there are: number of slots, and bytes of memory.</summary>
    public IReadOnlyList<(int Slots, long Bytes)> ReadBuffers()
    {
        List<(int, long)> buffers = [];
        for (uint buffer = 0; buffer < (uint)tables.Capacity; buffer++)
        {
            if (Open(buffer) is { } array)
            {
                using (array)
                {
                    buffers.Add((array.Length, MapDetails.BytesOf(array.Descriptor)));
                }
            }
        }

        return buffers;
    }

    /// <summary>Replaces all slots.</summary>
    public void Swap(uint table, ReadOnlySpan<Slot> slots)
    {
        ArgumentOutOfRangeException.ThrowIfZero(slots.Length);
        uint live = LiveBuffer(table);
        uint spare = live ^ 1;

        using (SlotArray? buffer = Open(spare))
        {
            if (buffer?.Length == slots.Length)
            {
                // A packet that is still reading what was live before the last swap finds whole slots of the same
                // table in the same places, only newer ones: there is nothing to wait for.
                buffer.Store(slots);
            }
            else
            {
                Fill(spare, slots);
            }
        }

        _unnamed[table] = spare;
        Point(table, spare, (uint)slots.Length);
    }

    /// <summary>Overwrites single slots in place.</summary>
    public void Write(uint table, IReadOnlyCollection<KeyValuePair<int, Slot>> slots)
    {
        using SlotArray live = Open(LiveBuffer(table))
            ?? throw new InvalidOperationException($"There is no table {table}.");
        foreach ((int index, _) in slots)
        {
            if ((uint)index >= (uint)live.Length)
            {
                throw new InvalidOperationException($"Table {table} has {live.Length} slots, and no slot {index}.");
            }
        }

        foreach ((int index, Slot slot) in slots)
        {
            live.Store(index, slot);
        }
    }

    /// <summary>Removes both buffers.</summary>
    public void Delete(uint table)
    {
        CheckIndex(table);
        for (uint buffer = table * Buffers; TableOf(buffer) == table; buffer++)
        {
            uint? id = tables[buffer];
            tables.Delete(buffer);
            inner.Forget(id);
        }

        _unnamed.Remove(table);
    }

    public void Dispose() => tables.Dispose();

    private void Fill(uint buffer, ReadOnlySpan<Slot> slots)
    {
        uint? before = tables[buffer];
        using SlotArray filled = inner.Create(slots.Length, out uint id);
        filled.Store(slots);
        try
        {
            if (before is not null)
            {
                // The length changes: a packet that has its slot's index from before the last swap must be through.
                tables.DeleteAndWait(buffer);
            }

            tables.Set(buffer, filled.Descriptor);
        }
        catch
        {
            inner.Forget(tables[buffer] == id ? null : id);
            throw;
        }

        inner.Forget(before);
    }

    private void Point(uint table, uint buffer, uint slots)
    {
        foreach ((Endpoint vip, ServiceValue service) in services.Known.ToArray())
        {
            if (TableOf(service.Table) == table)
            {
                services.Write(vip, service with { Table = buffer, Slots = slots });
            }
        }
    }

    /// <summary>Ids of the inner maps that are buffers.</summary>
    private IEnumerable<uint> Held() =>
        Enumerable.Range(0, tables.Capacity).Select(buffer => tables[(uint)buffer]).OfType<uint>();

    private SlotArray? Open(uint buffer) => tables[buffer] is { } id ? inner.Open(id) : null;

    private uint FirstFilled(uint table)
    {
        uint first = table * Buffers;
        return tables[first] is null && tables[first + 1] is not null ? first + 1 : first;
    }

    private void CheckIndex(uint table)
    {
        if (table >= Capacity)
        {
            throw new InvalidOperationException($"There is room for {Capacity} tables, and no table {table}.");
        }
    }
}
