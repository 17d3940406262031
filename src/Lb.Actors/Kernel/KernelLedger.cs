using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>A backend of a service.</summary>
internal readonly record struct BackendKey(Endpoint Vip, Endpoint Socket);

/// <summary>A service with the indexes that its parts have in the kernel.</summary>
/// <param name="Desired">What its owner asked for.</param>
/// <param name="Id">Service id.</param>
/// <param name="Table">Table index, its own even while it has no slots.</param>
/// <param name="Indexes">Backend indexes by the owner's ids.</param>
/// <param name="Slots">The table in backend indexes.</param>
internal sealed record LedgerService(
    DesiredService Desired, uint Id, uint Table, ImmutableDictionary<uint, uint> Indexes, Slot[] Slots);

/// <summary>What the bridge has agreed to keep in the kernel, and under which indexes. Immutable.</summary>
internal sealed record KernelLedger(
    IndexAllocator<Endpoint> Ids,
    IndexAllocator<Endpoint> Tables,
    IndexAllocator<BackendKey> Backends,
    ImmutableDictionary<Endpoint, LedgerService> Services)
{
    /// <summary>A ledger of what the kernel holds: services and backends keep their indexes by identity.</summary>
    public static KernelLedger Adopt(KernelState held, int serviceLimit, int backendLimit, long now)
    {
        KernelLedger ledger = new(
            new IndexAllocator<Endpoint>(0, (uint)serviceLimit),
            new IndexAllocator<Endpoint>(0, (uint)serviceLimit),
            new IndexAllocator<BackendKey>(1, (uint)backendLimit),
            ImmutableDictionary<Endpoint, LedgerService>.Empty);
        Dictionary<uint, Endpoint> vips = [];
        foreach ((Endpoint vip, ServiceEntry entry) in held.Services)
        {
            // Two services with one id cannot be told apart: the second is made anew.
            if (vips.TryAdd(entry.Id, vip))
            {
                ledger = ledger with { Ids = ledger.Ids.Adopt(vip, entry.Id) };
            }
        }

        ledger = ledger with
        {
            Backends = AdoptBackends(held, vips, ledger.Backends, now),
            Tables = AdoptTables(held, vips, ledger.Tables, now),
        };
        ILookup<uint, KeyValuePair<ServerIdKey, uint>> ids = held.ServerIds.ToLookup(id => id.Key.Service);
        return vips.Values.Aggregate(
            ledger, (adopted, vip) => adopted.AdoptService(vip, held, ServerIdsOf(held.Services[vip], ids)));
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

        // One that has no slots yet has an index too: no other service's table may ever be under its name.
        if (!Tables.TryAllocate(desired.Vip, out IndexAllocator<Endpoint> tables, out uint table))
        {
            return "every table of the kernel is taken; raise kernel.max-services";
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

        LedgerService? present = Services.GetValueOrDefault(desired.Vip);
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
                ledger.Tables.Release(vip, now),
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

    /// <summary>Each service has the table that it names, unless another has it; tables without a service rest.</summary>
    private static IndexAllocator<Endpoint> AdoptTables(
        KernelState held, Dictionary<uint, Endpoint> vips, IndexAllocator<Endpoint> tables, long now)
    {
        HashSet<uint> taken = [];
        foreach (Endpoint vip in vips.Values.Where(vip => taken.Add(held.Services[vip].Table)))
        {
            tables = tables.Adopt(vip, held.Services[vip].Table);
        }

        return held.Tables.Keys.Aggregate(tables, (rest, index) => rest.Rest(index, now));
    }

    /// <summary>Server IDs by the backends that they name, those that connection IDs of a service can have.</summary>
    private static Dictionary<uint, ServerId> ServerIdsOf(
        ServiceEntry service, ILookup<uint, KeyValuePair<ServerIdKey, uint>> ids)
    {
        Dictionary<uint, ServerId> named = [];
        foreach ((ServerIdKey key, uint backend) in service.Quic is null ? [] : ids[service.Id])
        {
            if (new QuicRouting(key.ConfigId, key.Id.Length) == service.Quic)
            {
                named.TryAdd(backend, key.Id);
            }
        }

        return named;
    }

    private KernelLedger AdoptService(Endpoint vip, KernelState held, Dictionary<uint, ServerId> serverIds)
    {
        ServiceEntry entry = held.Services[vip];
        if (!Tables.TryAllocate(vip, out IndexAllocator<Endpoint> tables, out uint table))
        {
            return this;
        }

        Slot[] slots = table == entry.Table && entry.Slots > 0
            && held.Tables.TryGetValue(table, out Slot[]? present)
            && present.Length == entry.Slots
                ? present
                : [];
        ImmutableArray<DesiredBackend> backends = [.. Backends.InUse
            .Where(backend => backend.Key.Vip == vip)
            .OrderBy(backend => backend.Value)
            .Select(backend => new DesiredBackend(
                backend.Value, backend.Key.Socket, held.Backends[backend.Value].Alive, Leftover: true)
            {
                ServerId = serverIds.TryGetValue(backend.Value, out ServerId id) ? id : null,
            })];
        DesiredService desired = new(
            vip,
            entry.Mode,
            entry.Tracking,
            entry.Seed,
            Revision: 0,
            backends,
            ImmutableCollectionsMarshal.AsImmutableArray(slots))
        {
            Logging = entry.Logging,
            AffinityPrefix = entry.AffinityPrefix,
            AffinityTicks = entry.AffinityTicks,
            Quic = entry.Quic,
            ByTc = entry.ByTc,
            Resets = entry.Resets,
            Older = OlderOf(entry),
            TunnelPort = backends.Select(backend => held.Backends[backend.Id].TunnelPort).FirstOrDefault(),
            Mss = backends.Select(backend => held.Backends[backend.Id].Mss).FirstOrDefault(),
        };
        LedgerService service = new(
            desired,
            entry.Id,
            table,
            backends.ToImmutableDictionary(backend => backend.Id, backend => backend.Id),
            slots);
        return this with { Tables = tables, Services = Services.Add(vip, service) };
    }

    private static ForwardingMode? OlderOf(ServiceEntry entry) =>
        entry.Relay.HasFlag(RelayFlags.OlderNat) ? ForwardingMode.Nat
        : entry.Relay.HasFlag(RelayFlags.OlderIpip) ? ForwardingMode.DsrIpip
        : entry.Relay.HasFlag(RelayFlags.OlderL2) ? ForwardingMode.DsrL2
        : entry.Relay.HasFlag(RelayFlags.OlderGue) ? ForwardingMode.DsrGue
        : entry.Relay.HasFlag(RelayFlags.Older) ? ForwardingMode.Tproxy
        : entry.Relay.HasFlag(RelayFlags.FullNat) && entry.Mode != ForwardingMode.FullNat ? ForwardingMode.FullNat
        : null;

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
