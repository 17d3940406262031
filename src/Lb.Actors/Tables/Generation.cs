using System.Buffers;
using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>How many slots name a backend.</summary>
/// <param name="Current">Slots that send it new flows.</param>
/// <param name="Previous">Moved slots that still send it older ones.</param>
public readonly record struct SlotCount(int Current, int Previous);

/// <summary>One version of a service's table, with what the kernel is to hold for it.</summary>
/// <param name="Config">The config it was built from.</param>
/// <param name="Desired">The kernel's part.</param>
/// <param name="Table">The slots, and since when moved ones wait.</param>
/// <param name="Digest">Fingerprint of the assignment.</param>
/// <param name="Counts">Slots by backend id; a backend without slots is not there.</param>
public sealed record Generation(
    ServiceConfig Config,
    DesiredService Desired,
    TableState Table,
    string Digest,
    ImmutableDictionary<uint, SlotCount> Counts)
{
    /// <summary>The generation that the kernel holds already, in the ids of the pool.</summary>
    public static Generation Adopt(ServiceState state, DesiredService held, long now)
    {
        Dictionary<uint, uint> ids = held.Backends
            .Where(backend => state.Members.ContainsKey(backend.Socket))
            .ToDictionary(backend => backend.Id, backend => state.Members[backend.Socket].Id);
        ImmutableArray<Slot> slots =
        [
            .. held.Slots.Select(slot => new Slot(
                ids.GetValueOrDefault(slot.Current), ids.GetValueOrDefault(slot.Previous), slot.WindowOver)),
        ];
        ImmutableArray<DesiredBackend> backends =
        [
            .. held.Backends.Where(backend => ids.ContainsKey(backend.Id)).Select(b => b with { Id = ids[b.Id] }),
        ];
        // Revisions count from 1: what a process before this one wrote is the first here, also if it never changes.
        DesiredService renamed = held with
        {
            Revision = Math.Max(held.Revision, 1),
            Backends = backends,
            Slots = slots,
        };
        return Seal(state.Config, renamed, TableState.Adopt(slots, now));
    }

    /// <summary>The next generation; the last one itself when nothing changes.</summary>
    /// <param name="last">The last one; null for the first.</param>
    /// <param name="state">Config and pool.</param>
    /// <param name="now">Monotonic time in ticks.</param>
    /// <param name="course">Its modes; that of the config alone unless told.</param>
    public static Generation Next(Generation? last, ServiceState state, long now, ModeCourse? course = null)
    {
        ServiceConfig config = state.Config;
        course ??= ModeCourse.Start(config.Mode);
        Tracking tracking = course.Track(config, last?.Desired.Tracking);
        TableState before = last?.Table ?? TableState.Empty;
        if (last?.Desired.Tracking == Tracking.Full && tracking == Tracking.Minimal)
        {
            // Flows were pinned on clean slots too; they are found only where slots are looked up.
            before = before.LookUpAll(now);
        }

        PoolChoice choice = state.Choice;
        HashSet<uint> alive = [.. state.Members.Values.Where(choice.IsAlive).Select(member => member.Id)];
        bool resets = config.DeadFlows == DeadFlows.Reset && tracking != Tracking.None;
        TableState table = Build(before, state, choice, tracking, alive, now, resets);
        DesiredService desired = new(
            config.Vip,
            course.Mode,
            tracking,
            config.Seed,
            (last?.Desired.Revision ?? 0) + 1,
            [.. state.Members.Values
                .OrderBy(member => member.Id)
                .Select(member => new DesiredBackend(member.Id, member.Socket, choice.IsAlive(member), member.Leftover)
                {
                    Drained = member.DrainOver,
                    ServerId = config.Quic is null ? null : member.ServerId,
                })],
            table.Slots)
        {
            // A relay logs its connections itself, and knows how they end.
            Logging = course.Mode == ForwardingMode.Tproxy ? FlowLogging.Off : config.Logging,
            Older = course.Older,
            TunnelPort = ForwardingMode.DsrGue == course.Mode || ForwardingMode.DsrGue == course.Older ? config.GuePort : (ushort)0,
            AffinityPrefix = config.Hashing.Prefix,
            AffinityTicks = config.Affinity?.Ticks ?? 0,
            Quic = config.Quic,
            Resets = resets,
            ByTc = config.Datapath == HookChoice.Tc,
            Mss = Lowers(course.Mode) || Lowers(course.Older) ? config.Mss : (ushort)0,
            Relay = course.Mode == ForwardingMode.Tproxy || course.DrainsRelay
                ? DesiredRelay.Of(config.Relay)
                : DesiredRelay.Default,
        };
        return last is not null && Same(last.Desired, desired)
            ? last with { Config = config }
            : Seal(config, desired, table);
    }

    /// <summary>The generation after a sweep.</summary>
    public Generation Settle(IReadOnlyCollection<int> clean, IReadOnlyCollection<int> windowOver) =>
        With(Table.Settle(clean, windowOver));

    /// <summary>The generation with slots as other nodes have them.</summary>
    internal Generation Take(IReadOnlyCollection<SlotChange> changes) => With(Table.Take(changes));

    // Who takes new flows stays, and so does the fingerprint.
    private Generation With(TableState table) => this with
    {
        Desired = Desired with { Revision = Desired.Revision + 1, Slots = table.Slots },
        Table = table,
        Counts = Count(table.Slots.AsSpan(), Desired.Backends),
    };

    private static TableState Build(
        TableState before,
        ServiceState state,
        PoolChoice choice,
        Tracking tracking,
        HashSet<uint> alive,
        long now,
        bool resets)
    {
        MaglevMember[] pool = [.. state.Members.Values
            .Where(member => choice.ShareOf(member) > 0)
            .Select(member => new MaglevMember(member.Socket, member.Id, choice.ShareOf(member)))];
        // Which flows the dead had is to be known when somebody is there again.
        if (pool.Length == 0 && alive.Count == 0 && !(resets && before.Slots.Length > 0))
        {
            return TableState.Empty;
        }

        int size = TableSize.Choose(state.Config, state.TableSize == 0 ? before.Slots.Length : state.TableSize);
        uint[] rented = ArrayPool<uint>.Shared.Rent(size);
        Span<uint> assignment = rented.AsSpan(0, size);
        Maglev.Fill(pool, assignment);
        TableState table = before.Assign(assignment, tracking, alive, now, resets);
        ArrayPool<uint>.Shared.Return(rented);
        // With nobody for new flows and no older ones to keep there is nothing to look at. Under full tracking
        // older flows may be on clean slots.
        bool idle = pool.Length == 0 && table.Moved == 0 && tracking != Tracking.Full;
        return idle ? TableState.Empty : table;
    }

    /// <summary>Whether both SYNs of a connection pass the node, which may lower what they say.</summary>
    private static bool Lowers(ForwardingMode? mode) => mode is ForwardingMode.Nat or ForwardingMode.FullNat;

    private static bool Same(DesiredService a, DesiredService b) =>
        a.Mode == b.Mode
        && a.Tracking == b.Tracking
        && a.Logging == b.Logging
        && a.Older == b.Older
        && a.TunnelPort == b.TunnelPort
        && a.Mss == b.Mss
        && a.AffinityPrefix == b.AffinityPrefix
        && a.AffinityTicks == b.AffinityTicks
        && a.Quic == b.Quic
        && a.ByTc == b.ByTc
        && a.Resets == b.Resets
        && a.Relay == b.Relay
        && a.Seed == b.Seed
        && a.Backends.AsSpan().SequenceEqual(b.Backends.AsSpan())
        && a.Slots.AsSpan().SequenceEqual(b.Slots.AsSpan());

    private static Generation Seal(ServiceConfig config, DesiredService desired, TableState table) => new(
        config,
        desired,
        table,
        TableDigest.Of(table.Slots.AsSpan(), desired.Backends.ToDictionary(b => b.Id, b => b.Socket)),
        Count(table.Slots.AsSpan(), desired.Backends));

    private static ImmutableDictionary<uint, SlotCount> Count(
        ReadOnlySpan<Slot> slots, ImmutableArray<DesiredBackend> backends)
    {
        uint limit = backends.IsEmpty ? 0 : backends.Max(backend => backend.Id) + 1;
        int[] current = new int[limit];
        int[] previous = new int[limit];
        foreach (Slot slot in slots)
        {
            if (slot.Current < limit)
            {
                current[slot.Current]++;
            }

            if (slot.Previous < limit && !slot.IsClean)
            {
                previous[slot.Previous]++;
            }
        }

        return backends
            .Where(backend => current[backend.Id] + previous[backend.Id] > 0)
            .ToImmutableDictionary(
                backend => backend.Id, backend => new SlotCount(current[backend.Id], previous[backend.Id]));
    }
}
