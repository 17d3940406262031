using System.Collections.Immutable;
using System.Globalization;

namespace Lb.Kernel.Host.Reading;

/// <summary>Reads settings of the network below /proc/sys/net, of the calling thread's namespace.</summary>
internal static class SettingsReader
{
    private const string Root = "/proc/sys/net";
    private const string Conntrack = $"{Root}/netfilter/nf_conntrack";

    /// <summary>Of an interface, or of <c>all</c>.</summary>
    public static IPv4Settings? ReadIPv4(string name) =>
        Number($"ipv4/conf/{name}/rp_filter") is { } filter
        && Number($"ipv4/conf/{name}/forwarding") is { } forwarding
        && Number($"ipv4/conf/{name}/accept_local") is { } acceptLocal
            ? new IPv4Settings((int)filter, forwarding != 0, acceptLocal != 0)
            : null;

    /// <summary>Of an interface, or of <c>all</c>; null where it has no IPv6.</summary>
    public static IPv6Settings? ReadIPv6(string name) =>
        Number($"ipv6/conf/{name}/disable_ipv6") == 0 && Number($"ipv6/conf/{name}/forwarding") is { } forwarding
            ? new IPv6Settings(forwarding != 0)
            : null;

    /// <summary>Interfaces that follow router advertisements only while they do not forward.</summary>
    public static ImmutableArray<string> ReadRouterAdvertisements() => Directory.Exists($"{Root}/ipv6/conf")
        ?
        [
            .. Directory.EnumerateDirectories($"{Root}/ipv6/conf")
                .Select(directory => Path.GetFileName(directory))
                .Where(name => name is not "all" and not "default" and not "lo"
                    && Number($"ipv6/conf/{name}/accept_ra") == 1
                    && Number($"ipv6/conf/{name}/forwarding") == 0)
                .Order(StringComparer.Ordinal),
        ]
        : [];

    public static (long Count, long Limit)? ReadConntrack() =>
        KernelFile.Number($"{Conntrack}_count") is { } count && KernelFile.Number($"{Conntrack}_max") is { } limit
            ? (count, limit)
            : null;

    /// <summary>Of these interfaces and <c>all</c>, those that look up the way back of a packet with its mark.</summary>
    public static ImmutableArray<string> ReadMarkedSources(IEnumerable<string> interfaces) =>
        [.. interfaces.Prepend("all").Where(name => Number($"ipv4/conf/{name}/src_valid_mark") == 1)];

    /// <summary>Whether accepted connections take the mark of the packet that began them.</summary>
    public static bool ReadMarkIsAccepted() => Number("ipv4/tcp_fwmark_accept") == 1;

    /// <summary>Ports that the host gives to its own connections.</summary>
    public static (int First, int Last)? ReadLocalPorts() =>
        KernelFile.Text($"{Root}/ipv4/ip_local_port_range") is { } text
        && text.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries) is [var first, var last]
            ? (int.Parse(first, CultureInfo.InvariantCulture), int.Parse(last, CultureInfo.InvariantCulture))
            : null;

    /// <summary>Ports that it gives to none.</summary>
    public static ImmutableArray<(int First, int Last)> ReadReservedPorts() =>
    [
        .. (KernelFile.Text($"{Root}/ipv4/ip_local_reserved_ports") ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(range => range.Split('-'))
            .Select(ends => (
                int.Parse(ends[0], CultureInfo.InvariantCulture), int.Parse(ends[^1], CultureInfo.InvariantCulture))),
    ];

    public static long? ReadBacklog() => Number("core/somaxconn");

    private static long? Number(string key) => KernelFile.Number($"{Root}/{key}");
}
