using System.Net;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>
/// The writes that turn one kernel state into another, in an order that is safe to stop at any point: a service that
/// goes is gone before its parts are, and whatever an entry names is there before the entry is.
/// </summary>
internal static class KernelDiff
{
    // Above this share of a table one copy and swap is cheaper than single stores.
    private const int SwapShare = 8;

    /// <summary>
    /// The writes from one state to another; none when they are equal. Parts that both have by reference are not looked at: they
    /// are large, and seldom change.
    /// </summary>
    public static IReadOnlyList<KernelOperation> Between(KernelState held, KernelState desired)
    {
        List<KernelOperation> operations = [];
        operations.AddRange(Gone(held, desired).Where(vip => !vip.IsRange).Select(vip => new KernelOperation.DeleteService(vip)));
        // Before an index becomes another backend's, and before the backend goes.
        bool sameIds = ReferenceEquals(held.ServerIds, desired.ServerIds) && ReferenceEquals(held.Backends, desired.Backends);
        operations.AddRange(Unless(sameIds, held.ServerIds)
            .Where(id => !desired.ServerIds.ContainsKey(id.Key) || IsAnother(held, desired, id.Value))
            .Select(id => new KernelOperation.DeleteServerId(id.Key)));
        Backends(held, desired, operations);
        foreach ((Endpoint backend, NatEntry entry) in Unless(ReferenceEquals(held.Nat, desired.Nat), desired.Nat))
        {
            if (!held.Nat.TryGetValue(backend, out NatEntry? present) || present != entry)
            {
                operations.Add(new KernelOperation.WriteNat(backend, entry));
            }
        }

        // Replies are found from before a service sends to a backend until it does so no more.
        Endpoint[] sources = [.. desired.NatRanges.Except(held.NatRanges)];
        if (sources.Length > 0)
        {
            operations.Add(new KernelOperation.WriteNatRanges(
                held.NatRanges.Union(desired.NatRanges).ToHashSet(),
                [.. sources.Select(source => desired.Nat[source].Service).Distinct()]));
        }

        if (held.LogSample != desired.LogSample)
        {
            operations.Add(new KernelOperation.WriteLogSample(desired.LogSample));
        }

        if (held.Shared != desired.Shared)
        {
            operations.Add(new KernelOperation.WriteShared(desired.Shared));
        }

        if (!held.Sources.SetEquals(desired.Sources))
        {
            operations.Add(new KernelOperation.WriteFullNatSources(desired.Sources));
        }

        // What is new before the services that need it, what is old after them: no packet finds neither.
        Intercept[] added = [.. desired.Intercepted.Except(held.Intercepted)];
        if (added.Length > 0)
        {
            operations.Add(new KernelOperation.WriteIntercepted(
                held.Intercepted.Union(desired.Intercepted).ToHashSet(),
                [.. added.Select(intercept => desired.Services[intercept.Vip].Id)]));
        }

        if (!held.Direct.SetEquals(desired.Direct))
        {
            operations.Add(new KernelOperation.WriteDirect(desired.Direct));
        }

        foreach (ServiceEntry service in desired.Services.Values.Where(service => service.Slots > 0))
        {
            Slot[]? present = held.Tables.GetValueOrDefault(service.Table);
            if (Table(service, present, desired.Tables[service.Table]) is { } write)
            {
                operations.Add(write);
            }
        }

        operations.AddRange(Unless(sameIds, desired.ServerIds)
            .Where(id => !held.ServerIds.TryGetValue(id.Key, out uint present)
                || present != id.Value
                || IsAnother(held, desired, present))
            .Select(id => new KernelOperation.WriteServerId(id.Key, id.Value)));
        Services(held, desired, operations);
        if (!held.Ranges.SetEquals(desired.Ranges))
        {
            operations.Add(new KernelOperation.WriteRanges(
                desired.Ranges,
                [.. desired.Ranges.Except(held.Ranges).Select(vip => desired.Services[vip].Id)]));
        }

        // They go when no packet finds them: until then each finds a service, that which was or that which is to be.
        operations.AddRange(Gone(held, desired).Where(vip => vip.IsRange).Select(vip => new KernelOperation.DeleteService(vip)));
        if (held.Intercepted.Except(desired.Intercepted).Any())
        {
            operations.Add(new KernelOperation.WriteIntercepted(desired.Intercepted, []));
        }

        Removals(held, desired, operations);
        Vips(held, desired, operations);
        return operations;
    }

    private static IEnumerable<T> Unless<T>(bool same, IEnumerable<T> all) => same ? [] : all;

    /// <summary>A service that is written brings the mark of its address, the last one of an address takes it along.</summary>
    private static IEnumerable<Endpoint> Gone(KernelState held, KernelState desired) =>
        held.Services.Keys.Where(vip => !desired.Services.ContainsKey(vip));

    private static void Vips(KernelState held, KernelState desired, List<KernelOperation> operations)
    {
        HashSet<IPAddress> seen = [.. operations
            .Select(operation => operation switch
            {
                KernelOperation.WriteService { Vip.IsRange: false } write => write.Vip.Address,
                KernelOperation.DeleteService { Vip.IsRange: false } delete => delete.Vip.Address,
                _ => null,
            })
            .OfType<IPAddress>()];
        operations.AddRange(desired.Vips
            .Where(vip => !held.Vips.Contains(vip) && !seen.Contains(vip))
            .Select(vip => new KernelOperation.WriteVip(vip)));
        operations.AddRange(held.Vips
            .Where(vip => !desired.Vips.Contains(vip) && !seen.Contains(vip))
            .Select(vip => new KernelOperation.DeleteVip(vip)));
    }

    private static void Backends(KernelState held, KernelState desired, List<KernelOperation> operations)
    {
        foreach ((uint index, BackendEntry entry) in Unless(ReferenceEquals(held.Backends, desired.Backends), desired.Backends))
        {
            BackendEntry? present = held.Backends.GetValueOrDefault(index);
            if (present == entry)
            {
                continue;
            }

            if (present is null || !IsSame(present, entry))
            {
                operations.Add(new KernelOperation.ResetBackend(index));
            }

            operations.Add(new KernelOperation.WriteBackend(index, entry));
        }
    }

    private static void Services(KernelState held, KernelState desired, List<KernelOperation> operations)
    {
        HashSet<uint> ids = [.. held.Services.Values.Select(service => service.Id)];
        foreach ((Endpoint vip, ServiceEntry entry) in desired.Services)
        {
            if (held.Services.TryGetValue(vip, out ServiceEntry? present) && present == entry)
            {
                continue;
            }

            if (!ids.Contains(entry.Id))
            {
                operations.Add(new KernelOperation.ResetService(entry.Id));
            }

            operations.Add(new KernelOperation.WriteService(vip, entry));
        }
    }

    private static void Removals(KernelState held, KernelState desired, List<KernelOperation> operations)
    {
        foreach (uint index in held.Tables.Keys.Where(index => !desired.Tables.ContainsKey(index)))
        {
            operations.Add(new KernelOperation.DeleteTable(index));
        }

        if (held.NatRanges.Except(desired.NatRanges).Any())
        {
            operations.Add(new KernelOperation.WriteNatRanges(desired.NatRanges, []));
        }

        foreach (Endpoint backend in Unless(ReferenceEquals(held.Nat, desired.Nat), held.Nat.Keys)
            .Where(backend => !desired.Nat.ContainsKey(backend)))
        {
            operations.Add(new KernelOperation.DeleteNat(backend));
        }

        foreach (uint index in Unless(ReferenceEquals(held.Backends, desired.Backends), held.Backends.Keys)
            .Where(index => !desired.Backends.ContainsKey(index)))
        {
            operations.Add(new KernelOperation.DeleteBackend(index));
        }
    }

    /// <summary>
    /// A new assignment is swapped in whole. Where only what is moved differs each slot stands for itself, and few
    /// are written in place.
    /// </summary>
    private static KernelOperation? Table(ServiceEntry service, Slot[]? held, Slot[] desired)
    {
        if (ReferenceEquals(held, desired))
        {
            return null;
        }

        if (held is null || held.Length != desired.Length)
        {
            return new KernelOperation.SwapTable(service.Table, service.Id, desired);
        }

        List<KeyValuePair<int, Slot>> changed = [];
        for (int i = 0; i < desired.Length; i++)
        {
            if (held[i] == desired[i])
            {
                continue;
            }

            if (held[i].Current != desired[i].Current || changed.Count >= desired.Length / SwapShare)
            {
                return new KernelOperation.SwapTable(service.Table, service.Id, desired);
            }

            changed.Add(KeyValuePair.Create(i, desired[i]));
        }

        return changed.Count == 0 ? null : new KernelOperation.WriteSlots(service.Table, service.Id, changed);
    }

    /// <summary>An index stands for another backend than it did, or for none.</summary>
    private static bool IsAnother(KernelState held, KernelState desired, uint index) =>
        !held.Backends.TryGetValue(index, out BackendEntry? before)
        || !desired.Backends.TryGetValue(index, out BackendEntry? after)
        || !IsSame(before, after);

    private static bool IsSame(BackendEntry a, BackendEntry b) =>
        a.Service == b.Service && a.Address.Equals(b.Address) && a.Port == b.Port;
}
