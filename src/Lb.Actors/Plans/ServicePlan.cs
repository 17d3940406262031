using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>What a change would do to the table of a service and to its flows.</summary>
/// <param name="Service">Name of the service.</param>
/// <param name="SlotsBefore">Slots of its table now; 0 for a service that is new.</param>
/// <param name="SlotsAfter">Slots afterwards; 0 for one that goes.</param>
/// <param name="Moved">Slots that would send new flows to another backend.</param>
/// <param name="Flows">What would become of live flows.</param>
/// <param name="Highest">Name of the backend with the most slots afterwards; null when there is none.</param>
/// <param name="HighestShare">Its share of the slots, and so of new flows, 0 to 1.</param>
public sealed record ServicePlan(
    string Service,
    int SlotsBefore,
    int SlotsAfter,
    int Moved,
    FlowForecast Flows,
    string? Highest,
    double HighestShare)
{
    /// <summary>A service that is new: it has no flow that could move.</summary>
    public static ServicePlan Added(string service) => new(service, 0, 0, 0, FlowForecast.Nothing, null, 0);

    /// <summary>What another config would do. Backends that nothing is known of yet are taken to pass their checks.</summary>
    /// <param name="state">The service as it is.</param>
    /// <param name="generation">Its table; null before there is one.</param>
    /// <param name="config">The config that it would get; null when it goes: its flows pass to the host.</param>
    /// <param name="flows">Its entries in the flow table; null when they were not read.</param>
    /// <param name="windows">Time after which an unknown UDP flow is new.</param>
    /// <param name="now">Monotonic time in ticks.</param>
    public static ServicePlan Of(
        ServiceState state,
        Generation? generation,
        ServiceConfig? config,
        IReadOnlyList<FlowRecord>? flows,
        FlowsConfig windows,
        long now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(windows);
        PlannedTable before = Present(generation);
        IReadOnlyList<FlowRecord>? live = Live(state, flows, windows);
        FlowHashing hashing = generation?.Desired.Hashing ?? default;
        if (config is null)
        {
            return new ServicePlan(
                state.Config.Name,
                before.Slots.Length,
                0,
                before.Slots.Length,
                FlowForecaster.Of((before, hashing), (new PlannedTable([], Tracking.None, ImmutableHashSet<uint>.Empty), hashing), live, cut: true),
                null,
                0);
        }

        ServiceState after = Passing(state.Apply(state.Decide(new ServiceCommand.Configure(config))));
        ModeCourse? course = generation is null
            ? null
            : ModeCourse.Adopt(generation.Desired, now).Turn(config.Mode, listens: true, now);
        Generation next = Generation.Next(generation, after, now, course);
        KeyValuePair<uint, SlotCount> highest = next.Counts.OrderByDescending(count => count.Value.Current).FirstOrDefault();
        int slots = next.Table.Slots.Length;
        // A relay's connections are told from flows of the kernel path, and flows of full-nat from others; two other ways are
        // not told apart. UDP goes the new way at once, but for what full-nat has.
        bool cut = generation is not null && generation.Desired.Mode != config.Mode
            && (course!.Older is null
                || (config.Vip.Protocol != TransportProtocol.Tcp && course.Older != ForwardingMode.FullNat));
        return new ServicePlan(
            config.Name,
            before.Slots.Length,
            slots,
            MovedSlots(before.Slots, [.. next.Table.Slots]),
            FlowForecaster.Of((before, hashing), (Present(next), config.Hashing), live, cut),
            after.Members.Values.FirstOrDefault(member => member.Id == highest.Key)?.Name,
            slots == 0 ? 0 : (double)highest.Value.Current / slots);
    }

    private static ServiceState Passing(ServiceState state)
    {
        foreach (PoolMember member in state.Members.Values.Where(m => m is { Verdict: HealthVerdict.Unknown, IsProbed: true }))
        {
            state = state.Apply(state.Decide(new ServiceCommand.Judge(member.Socket, HealthVerdict.Up)));
        }

        return state;
    }

    private static PlannedTable Present(Generation? generation) => new(
        [.. generation?.Table.Slots ?? []],
        generation?.Desired.Tracking ?? Tracking.None,
        (generation?.Desired.Backends ?? []).Where(backend => backend.Alive).Select(backend => backend.Id).ToImmutableHashSet())
    {
        Cut = generation is { Desired.Mode: ForwardingMode.Tproxy } ? CutBy(generation) : null,
    };

    private static ImmutableHashSet<uint> CutBy(Generation generation)
    {
        RelayTable table = RelayTables.Of(generation);
        return [.. table.Backends.Where(backend => table.Cut.ContainsKey(backend.Value)).Select(backend => backend.Key)];
    }

    /// <summary>A flow is live while it is remembered: what has been idle for longer is forgotten.</summary>
    private static FlowRecord[]? Live(
        ServiceState state, IReadOnlyList<FlowRecord>? flows, FlowsConfig windows)
    {
        TimeSpan memory = state.Config.Vip.Protocol == TransportProtocol.Udp ? windows.UdpWindow : state.Config.FlowMemory;
        return flows is null ? null : [.. flows.Where(flow => flow.Idle < memory)];
    }

    private static int MovedSlots(Slot[] before, Slot[] after)
    {
        if (before.Length == 0 || after.Length == 0)
        {
            return before.Length;
        }

        Slot[] old = before.Length == after.Length ? before : TableSize.Carry(before, after.Length);
        return Enumerable.Range(0, after.Length)
            .Count(i => old[i].Current != 0 && old[i].Current != after[i].Current);
    }
}
