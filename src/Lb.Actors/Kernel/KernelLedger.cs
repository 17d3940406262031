using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>A table of a service: another size is another table.</summary>
internal readonly record struct TableKey(Endpoint Vip, int Size);

/// <summary>A backend of a service.</summary>
internal readonly record struct BackendKey(Endpoint Vip, Endpoint Socket);

/// <summary>A service with the indexes that its parts have in the kernel.</summary>
/// <param name="Desired">What its owner asked for.</param>
/// <param name="Id">Service id.</param>
/// <param name="Table">Table index; null while it has no table.</param>
/// <param name="Indexes">Backend indexes by the owner's ids.</param>
/// <param name="Slots">The table in backend indexes.</param>
internal sealed record LedgerService(
    DesiredService Desired, uint Id, uint? Table, ImmutableDictionary<uint, uint> Indexes, Slot[] Slots);

/// <summary>What the bridge has agreed to keep in the kernel, and under which indexes. Immutable.</summary>
internal sealed record KernelLedger(
    IndexAllocator<Endpoint> Ids,
    IndexAllocator<TableKey> Tables,
    IndexAllocator<BackendKey> Backends,
    ImmutableDictionary<Endpoint, LedgerService> Services)
{
    /// <summary>A ledger of what the kernel holds: services and backends keep their indexes by identity.</summary>
    public static KernelLedger Adopt(KernelState held, int serviceLimit, int backendLimit, long now)
    {
        KernelLedger ledger = new(
            new IndexAllocator<Endpoint>(0, (uint)serviceLimit),
            new IndexAllocator<TableKey>(0, (uint)serviceLimit),
            new IndexAllocator<BackendKey>(1, (uint)backendLimit),
            ImmutableDictionary<Endpoint, LedgerService>.Empty);
        Dictionary<uint, Endpoint> vips = [];
        foreach ((Endpoint vip, ServiceEntry entry) in held.Services)
        {
            // Two services with one id or table cannot be told apart: the second is made anew.
            if (vips.TryAdd(entry.Id, vip))
            {
                ledger = ledger with { Ids = ledger.Ids.Adopt(vip, entry.Id) };
            }
        }

        ledger = ledger with { Backends = AdoptBackends(held, vips, ledger.Backends, now) };
        HashSet<uint> tables = [];
        foreach ((uint id, Endpoint vip) in vips)
        {
            ServiceEntry entry = held.Services[vip];
            Slot[]? slots = entry.Slots == 0 ? [] : held.Tables.GetValueOrDefault(entry.Table);
            if (slots is null || slots.Length != entry.Slots || (slots.Length > 0 && !tables.Add(entry.Table)))
            {
                slots = [];
            }

            ledger = ledger.AdoptService(vip, entry, slots, held);
        }

        IndexAllocator<TableKey> others = held.Tables.Keys
            .Where(index => !tables.Contains(index))
            .Aggregate(ledger.Tables, (allocator, index) => allocator.Rest(index, now));
        return ledger with { Tables = others };
    }

    /// <summary>Agrees to a service.</summary>
    /// <param name="desired">What its owner asks for.</param>
    /// <param name="now">Monotonic time in ticks.</param>
    /// <param name="after">The ledger with it; unchanged when refused.</param>
    /// <returns>Why it is refused; null when it is not.</returns>
    public string? Accept(DesiredService desired, long now, out KernelLedger after)
    {
        after = this;
        if (NatClaims.Clash(desired, Services.Values.Select(service => service.Desired)) is { } clash)
        {
            return clash;
        }

        if (!Ids.TryAllocate(desired.Vip, out IndexAllocator<Endpoint> ids, out uint id))
        {
            return "every service id of the kernel is taken; raise kernel.max-services";
        }

        IndexAllocator<TableKey> tables = Tables;
        uint? table = null;
        TableKey key = new(desired.Vip, desired.Slots.Length);
        if (Services.TryGetValue(desired.Vip, out LedgerService? present)
            && present.Table is not null
            && present.Slots.Length != key.Size)
        {
            tables = tables.Release(new TableKey(desired.Vip, present.Slots.Length), now);
        }

        if (key.Size > 0)
        {
            if (!tables.TryAllocate(key, out tables, out uint index))
            {
                return "every table of the kernel is taken; raise kernel.max-services";
            }

            table = index;
        }

        IndexAllocator<BackendKey> backends = Backends;
        ImmutableDictionary<uint, uint>.Builder indexes = ImmutableDictionary.CreateBuilder<uint, uint>();
        foreach (DesiredBackend backend in desired.Backends)
        {
            if (!backends.TryAllocate(new BackendKey(desired.Vip, backend.Socket), out backends, out uint index))
            {
                return "every backend index of the kernel is taken; raise kernel.max-backends";
            }

            indexes.Add(backend.Id, index);
        }

        HashSet<Endpoint> kept = [.. desired.Backends.Select(backend => backend.Socket)];
        foreach (DesiredBackend gone in present?.Desired.Backends.Where(b => !kept.Contains(b.Socket)) ?? [])
        {
            backends = backends.Release(new BackendKey(desired.Vip, gone.Socket), now);
        }

        ImmutableDictionary<uint, uint> map = indexes.ToImmutable();
        LedgerService service = new(desired, id, table, map, Translate(desired.Slots.AsSpan(), map));
        after = new KernelLedger(ids, tables, backends, Services.SetItem(desired.Vip, service));
        return null;
    }

    /// <summary>The ledger without the services that are not in the config.</summary>
    public KernelLedger Retain(IReadOnlySet<Endpoint> vips, long now)
    {
        KernelLedger ledger = this;
        foreach (LedgerService service in Services.Values.Where(service => !vips.Contains(service.Desired.Vip)))
        {
            Endpoint vip = service.Desired.Vip;
            ledger = new KernelLedger(
                ledger.Ids.Release(vip, now),
                service.Table is null
                    ? ledger.Tables
                    : ledger.Tables.Release(new TableKey(vip, service.Slots.Length), now),
                service.Desired.Backends.Aggregate(
                    ledger.Backends,
                    (backends, backend) => backends.Release(new BackendKey(vip, backend.Socket), now)),
                ledger.Services.Remove(vip));
        }

        return ledger;
    }

    /// <summary>The ledger after everything was written: no service names a table that rests.</summary>
    public KernelLedger FreeTables() => !Tables.HasResting
        ? this
        : this with { Tables = Tables.Resting.Aggregate(Tables, (tables, resting) => tables.Free(resting.Key)) };

    private static IndexAllocator<BackendKey> AdoptBackends(
        KernelState held, Dictionary<uint, Endpoint> vips, IndexAllocator<BackendKey> backends, long now)
    {
        foreach ((uint index, BackendEntry entry) in held.Backends)
        {
            backends = vips.TryGetValue(entry.Service, out Endpoint vip)
                && !backends.InUse.ContainsKey(Key(vip, entry))
                    ? backends.Adopt(Key(vip, entry), index)
                    : backends.Rest(index, now);
        }

        return backends;

        static BackendKey Key(Endpoint vip, BackendEntry entry) =>
            new(vip, new Endpoint(entry.Address, entry.Port, vip.Protocol));
    }

    private KernelLedger AdoptService(Endpoint vip, ServiceEntry entry, Slot[] slots, KernelState held)
    {
        ImmutableArray<DesiredBackend> backends = [.. Backends.InUse
            .Where(backend => backend.Key.Vip == vip)
            .OrderBy(backend => backend.Value)
            .Select(backend => new DesiredBackend(
                backend.Value, backend.Key.Socket, held.Backends[backend.Value].Alive, Leftover: true))];
        DesiredService desired = new(
            vip,
            entry.Mode,
            entry.Tracking,
            entry.Seed,
            Revision: 0,
            backends,
            ImmutableCollectionsMarshal.AsImmutableArray(slots));
        LedgerService service = new(
            desired,
            entry.Id,
            slots.Length == 0 ? null : entry.Table,
            backends.ToImmutableDictionary(backend => backend.Id, backend => backend.Id),
            slots);
        return this with
        {
            Tables = slots.Length == 0 ? Tables : Tables.Adopt(new TableKey(vip, slots.Length), entry.Table),
            Services = Services.Add(vip, service),
        };
    }

    private static Slot[] Translate(ReadOnlySpan<Slot> slots, ImmutableDictionary<uint, uint> indexes)
    {
        uint[] map = new uint[indexes.IsEmpty ? 1 : indexes.Keys.Max() + 1];
        foreach ((uint id, uint index) in indexes)
        {
            map[id] = index;
        }

        Slot[] translated = new Slot[slots.Length];
        for (int i = 0; i < slots.Length; i++)
        {
            translated[i] = new Slot(Map(slots[i].Current), Map(slots[i].Previous), slots[i].WindowOver);
        }

        return translated;

        uint Map(uint id) => id < map.Length ? map[id] : 0;
    }
}
