using System.Globalization;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>Says in words what the kernel holds differently from what was written. Pure.</summary>
internal static class KernelDrift
{
    /// <summary>Every difference, the gravest kinds first; none when both are equal.</summary>
    /// <param name="read">What the kernel holds.</param>
    /// <param name="wanted">What was written.</param>
    public static IEnumerable<string> Between(KernelState read, KernelState wanted) =>
    [
        .. Services(read, wanted),
        .. Vips(read, wanted),
        .. read.Ranges.SetEquals(wanted.Ranges)
            ? []
            : (string[])["packets do not find the services of prefixes and port ranges as they are to"],
        .. read.NatRanges.SetEquals(wanted.NatRanges)
            ? []
            : (string[])["replies do not find the backends of nat with port ranges as they are to"],
        .. Tables(read, wanted),
        .. Backends(read, wanted),
        .. ServerIds(read, wanted),
        .. Nat(read, wanted),
        .. Direct(read, wanted),
        .. Intercepted(read, wanted),
        .. read.Sources.SetEquals(wanted.Sources) ? [] : (string[])["the addresses of full-nat are not those of the node"],
    ];

    private static IEnumerable<string> Services(KernelState read, KernelState wanted) =>
        Entries("service", read.Services, wanted.Services, Difference);

    private static IEnumerable<string> ServerIds(KernelState read, KernelState wanted) =>
    [
        .. wanted.ServerIds
            .Where(id => read.ServerIds.GetValueOrDefault(id.Key) != id.Value)
            .Select(id => $"server ID {id.Key.Id} of service {id.Key.Service} names backend "
                + $"{Name(read.ServerIds.GetValueOrDefault(id.Key), wanted)} in place of {Name(id.Value, wanted)}"),
        .. read.ServerIds.Keys
            .Where(id => !wanted.ServerIds.ContainsKey(id))
            .Select(id => $"server ID {id.Id} of service {id.Service} is not ours"),
    ];

    private static IEnumerable<string> Nat(KernelState read, KernelState wanted) =>
        Entries("reply side of backend", read.Nat, wanted.Nat, (held, right) =>
            held == right ? null : $"makes it {held.Vip} port {held.Port} (service {held.Service}, backend {held.Backend}, {held.Flags})"
                + $" in place of {right.Vip} port {right.Port} (service {right.Service}, backend {right.Backend}, {right.Flags})");

    private static IEnumerable<string> Backends(KernelState read, KernelState wanted) =>
        Entries("backend", read.Backends, wanted.Backends, Difference, index => Name(index, wanted));

    /// <summary>A backend by its index and, where that is known, its socket.</summary>
    private static string Name(uint index, KernelState wanted) => index == 0 ? "none"
        : wanted.Backends.TryGetValue(index, out BackendEntry? entry)
            ? $"{index} ({new Endpoint(entry.Address, entry.Port, default).SocketText})"
            : $"{index}";

    private static string? Difference(ServiceEntry held, ServiceEntry right) => Fields(
        ("id", held.Id, right.Id),
        ("table", held.Table, right.Table),
        ("number of slots", held.Slots, right.Slots),
        ("seed", held.Seed, right.Seed),
        ("bits of affinity", held.AffinityPrefix ?? 0, right.AffinityPrefix ?? 0),
        ("timeout of affinity", held.AffinityTicks, right.AffinityTicks),
        ("config ID of QUIC", held.Quic?.ConfigId ?? -1, right.Quic?.ConfigId ?? -1),
        ("length of server IDs", held.Quic?.ServerIdLength ?? 0, right.Quic?.ServerIdLength ?? 0),
        ("hook", held.ByTc ? "tc" : "xdp", right.ByTc ? "tc" : "xdp"),
        ("flows in the log", held.Logging, right.Logging),
        ("answer to flows of dead backends", held.Resets ? "RST" : "none", right.Resets ? "RST" : "none"),
        ("mode", held.Mode, right.Mode),
        ("tracking", held.Tracking, right.Tracking),
        ("part of a relay", held.Relay, right.Relay));

    private static string? Difference(BackendEntry held, BackendEntry right) => Fields(
        ("service", held.Service, right.Service),
        ("address", held.Address, right.Address),
        ("port", held.Port, right.Port),
        ("hook", held.ByTc ? "tc" : "xdp", right.ByTc ? "tc" : "xdp"),
        ("UDP port of the tunnel", held.TunnelPort, right.TunnelPort),
        ("largest MSS", held.Mss, right.Mss),
        ("life", held.Alive ? "alive" : "dead", right.Alive ? "alive" : "dead"),
        ("next hop", Words(held.NextHop), Words(right.NextHop)));

    private static string Words(NextHop? hop) => hop is null
        ? "unknown"
        : $"{hop.Destination} from {hop.Source} by interface {hop.InterfaceIndex}, source {hop.SourceAddress}, MTU {hop.Mtu}";

    private static string? Fields(params (string What, object Held, object Right)[] fields)
    {
        string[] wrong = [.. fields
            .Where(field => !field.Held.Equals(field.Right))
            .Select(field => string.Create(
                CultureInfo.InvariantCulture, $"{field.What} is {field.Held} in place of {field.Right}"))];
        return wrong.Length == 0 ? null : $"differs: {string.Join(", ", wrong)}";
    }

    private static IEnumerable<string> Vips(KernelState read, KernelState wanted) =>
    [
        .. wanted.Vips.Where(vip => !read.Vips.Contains(vip)).Select(vip => $"the mark of {vip} as a VIP is gone"),
        .. read.Vips.Where(vip => !wanted.Vips.Contains(vip)).Select(vip => $"{vip} is marked as a VIP and is none"),
    ];

    private static IEnumerable<string> Direct(KernelState read, KernelState wanted) =>
    [
        .. wanted.Direct.Where(prefix => !read.Direct.Contains(prefix)).Select(p => $"direct prefix {p} is gone"),
        .. read.Direct.Where(prefix => !wanted.Direct.Contains(prefix)).Select(p => $"direct prefix {p} is not ours"),
    ];

    private static IEnumerable<string> Intercepted(KernelState read, KernelState wanted) => wanted.Intercepted
        .Where(intercept => !read.Intercepted.Contains(intercept))
        .Select(intercept => $"packets of {intercept.Vip} no longer go to its relay: {Words(intercept.By)}");

    private static string Words(InterceptBy by) => by switch
    {
        InterceptBy.SkLookup => "lb_lookup was detached or has lost its socket, the address is no longer the host's, or what "
            + "takes answers of backends was changed",
        InterceptBy.Tc => "lb_tc on an interface, a routing rule or its route was changed",
        _ => "nftables, a routing rule or its route was changed",
    };

    private static IEnumerable<string> Tables(KernelState read, KernelState wanted)
    {
        foreach ((Endpoint vip, ServiceEntry service) in wanted.Services.Where(service => service.Value.Slots > 0))
        {
            if (Difference(
                read.Tables.GetValueOrDefault(service.Table), wanted.Tables[service.Table], wanted) is { } what)
            {
                yield return $"table {service.Table} of service {vip} {what}";
            }
        }

        foreach (uint table in read.Tables.Keys.Where(table => !wanted.Tables.ContainsKey(table)))
        {
            yield return $"table {table} is not ours";
        }
    }

    private static string? Difference(Slot[]? held, Slot[] right, KernelState wanted)
    {
        if (held is null || ReferenceEquals(held, right) || held.Length != right.Length)
        {
            return held is null ? "is gone"
                : ReferenceEquals(held, right) ? null
                : $"has {held.Length} slots in place of {right.Length}";
        }

        int wrong = 0;
        int first = 0;
        for (int i = right.Length - 1; i >= 0; i--)
        {
            if (held[i] != right[i])
            {
                wrong++;
                first = i;
            }
        }

        return wrong == 0
            ? null
            : $"differs in {wrong} of {right.Length} slots, as in slot {first}: "
                + $"{Words(held[first], wanted)} in place of {Words(right[first], wanted)}";
    }

    private static string Words(Slot slot, KernelState wanted) => slot.IsClean
        ? $"backend {Name(slot.Current, wanted)}"
        : $"backend {Name(slot.Current, wanted)}, moved from {Name(slot.Previous, wanted)}"
            + (slot.WindowOver ? ", window over" : "");

    private static IEnumerable<string> Entries<TKey, TEntry>(
        string what,
        IReadOnlyDictionary<TKey, TEntry> read,
        IReadOnlyDictionary<TKey, TEntry> wanted,
        Func<TEntry, TEntry, string?> difference,
        Func<TKey, string>? name = null)
        where TKey : notnull
        where TEntry : class
    {
        name ??= static key => $"{key}";
        foreach ((TKey key, TEntry right) in wanted)
        {
            if (!read.TryGetValue(key, out TEntry? held))
            {
                yield return $"{what} {name(key)} is gone";
            }
            else if (!held.Equals(right) && difference(held, right) is { } words)
            {
                // Nearly all are equal at nearly every check: words are made for the others.
                yield return $"{what} {name(key)} {words}";
            }
        }

        foreach (TKey key in read.Keys.Where(key => !wanted.ContainsKey(key)))
        {
            yield return $"{what} {name(key)} is not ours";
        }
    }
}
