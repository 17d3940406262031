using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>Draws snapshots of a service.</summary>
internal static class ServiceView
{
    /// <summary>The snapshot, without counters.</summary>
    public static ServiceSnapshot Of(
        ServiceState state,
        Generation? generation,
        ImmutableDictionary<uint, FlowCount> flows,
        PoolDrains drains,
        long written,
        string? problem)
    {
        int slots = generation?.Table.Slots.Length ?? 0;
        return new ServiceSnapshot(
            state.Config.Name,
            state.Config.Vip,
            state.Config.Mode,
            state.Config.Tracking,
            generation?.Desired.Revision ?? 0,
            written,
            problem,
            generation?.Digest ?? string.Empty,
            slots,
            generation?.Table.Moved ?? 0,
            flows.Values.Sum(count => count.Total),
            default,
            [.. state.Members.Values
                .OrderBy(member => member.Leftover)
                .ThenBy(member => member.Name, StringComparer.Ordinal)
                .Select(Backend)])
        {
            Changing = generation is not null && !ReferenceEquals(generation.Config, state.Config),
            Logging = state.Config.Logging,
            DeadFlows = state.Config.DeadFlows,
            Older = generation?.Desired.Older,
            Use = state.Choice.Use,
            Pool = state.Config.Pool,
        };

        BackendSnapshot Backend(PoolMember member)
        {
            SlotCount count = generation?.Counts.GetValueOrDefault(member.Id) ?? default;
            return new BackendSnapshot(
                member.Name,
                member.Socket.Address,
                member.Socket.Port,
                member.State,
                member.Admin,
                member.Leftover,
                member.Weight,
                count.Current,
                slots == 0 ? 0 : (double)count.Current / slots,
                count.Previous,
                flows.GetValueOrDefault(member.Id).Total,
                default)
            {
                Backup = member.Backup,
                ServerId = state.Config.Quic is null ? null : member.ServerId,
                DrainSince = drains.Drains.GetValueOrDefault(member.Socket)?.Since,
                DrainEnd = drains.Drains.GetValueOrDefault(member.Socket)?.Deadline,
                DrainOver = member.DrainOver,
                Ramp = member.Step == 0 ? null : SlowStart.Thousandths(member.Step, state.Config.Pool.SlowStartFrom) / 1000.0,
            };
        }
    }

    /// <summary>The snapshot with counters.</summary>
    public static ServiceSnapshot With(ServiceSnapshot service, KernelCounters counters, RelayList relays)
    {
        RelaySnapshot? relay = relays.Relays.GetValueOrDefault(service.Vip);
        ServiceSnapshot counted = With(service, counters);
        return relay is null ? counted : counted with
        {
            Relay = relay with { Interception = counters.Interceptions.GetValueOrDefault(service.Vip) },
            Backends =
            [
                .. counted.Backends.Select(backend => With(
                    backend, relay, new Endpoint(backend.Address, backend.Port, service.Vip.Protocol))),
            ],
        };
    }

    private static BackendSnapshot With(BackendSnapshot backend, RelaySnapshot relay, Endpoint socket) => backend with
    {
        Relay = relay.Report.Backends.GetValueOrDefault(socket),
        Outlier = relay.Report.Outliers.GetValueOrDefault(socket),
        DrainEnd = relay.Drains.TryGetValue(socket, out DateTimeOffset end) && !(backend.DrainEnd < end) ? end : backend.DrainEnd,
    };

    private static ServiceSnapshot With(ServiceSnapshot service, KernelCounters counters) => service with
    {
        Traffic = counters.Services.GetValueOrDefault(service.Vip),
        Backends =
        [
            .. service.Backends.Select(backend => backend with
            {
                Traffic = counters.Backends.GetValueOrDefault(new BackendKey(
                    service.Vip, new(backend.Address, backend.Port, service.Vip.Protocol))),
                Ports = counters.Kernel.FullNat?.Backends.FirstOrDefault(ports =>
                    ports.Vip == service.Vip
                    && ports.Backend == new Endpoint(backend.Address, backend.Port, service.Vip.Protocol)),
            }),
        ],
    };
}
