using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Lb.Host.Configuration;

namespace Lb.Host.Announce;

/// <summary>
/// What bird is told. It has no protocol that would read or write the kernel's routes: VIPs are routes that exist in bird
/// alone, and go to the neighbours alone.
/// </summary>
internal static class BirdConfig
{
    /// <summary>The name of a neighbour's protocol; a neighbour's own may be a word of bird's.</summary>
    public static string NameOf(BgpOptions options, BgpNeighbor neighbor) =>
        Invariant($"n{options.Neighbors.IndexOf(neighbor)}");

    /// <summary>Writes it.</summary>
    public static string Write(BgpOptions options, ImmutableHashSet<IPAddress> vips)
    {
        StringBuilder text = new();
        text.AppendLine("# Written by lbd, which runs this bird: what is changed here is lost.");
        text.AppendLine("log stderr { warning, error, fatal, bug, auth, remote, info };");
        if (options.RouterId is { } id)
        {
            text.AppendLine(Invariant($"router id {id};"));
        }

        text.AppendLine("protocol device { scan time 10; }");
        WriteBfd(text, options);
        WriteRoutes(text, "vips4", "ipv4", vips.Where(vip => IsIPv4(vip)), 32);
        WriteRoutes(text, "vips6", "ipv6", vips.Where(vip => !IsIPv4(vip)), 128);
        foreach (BgpNeighbor neighbor in options.Neighbors)
        {
            WriteNeighbor(text, options, neighbor);
        }

        return text.ToString();
    }

    private static void WriteBfd(StringBuilder text, BgpOptions options)
    {
        string times = Invariant(
            $"min rx interval {options.BfdInterval.TotalMilliseconds:0} ms; min tx interval {options.BfdInterval.TotalMilliseconds:0} ms; ")
            + Invariant($"idle tx interval 1 s; multiplier {options.BfdMultiplier};");
        text.AppendLine(Invariant($"protocol bfd {{ interface \"*\" {{ {times} }}; multihop {{ {times} }}; }}"));
    }

    private static void WriteRoutes(StringBuilder text, string name, string table, IEnumerable<IPAddress> vips, int length)
    {
        text.AppendLine(Invariant($"protocol static {name} {{"));
        text.AppendLine(Invariant($"  {table};"));
        foreach (IPAddress vip in vips.OrderBy(vip => vip.ToString(), StringComparer.Ordinal))
        {
            text.AppendLine(Invariant($"  route {vip}/{length} blackhole;"));
        }

        text.AppendLine("}");
    }

    private static void WriteNeighbor(StringBuilder text, BgpOptions options, BgpNeighbor neighbor)
    {
        text.AppendLine(Invariant($"protocol bgp {NameOf(options, neighbor)} {{"));
        text.AppendLine(Invariant($"  description \"{neighbor.Name}\";"));
        text.AppendLine(Invariant($"  local as {options.LocalAs};"));
        text.AppendLine(Invariant($"  neighbor {neighbor.Address} as {neighbor.As};"));
        text.AppendLine(neighbor.Hops is { } hops ? Invariant($"  multihop {hops};") : "  direct;");
        if (neighbor.Password.Length > 0)
        {
            text.AppendLine(Invariant($"  password \"{neighbor.Password}\";"));
        }

        if (neighbor.Bfd)
        {
            text.AppendLine("  bfd;");
        }

        text.AppendLine("  hold time 9; keepalive time 3;");
        text.AppendLine("  connect delay time 1; connect retry time 2; error wait time 1, 4; error forget time 30;");
        text.AppendLine(Invariant(
            $"  {(IsIPv4(neighbor.Address) ? "ipv4" : "ipv6")} {{ import none; export where source = RTS_STATIC; next hop self; }};"));
        text.AppendLine("}");
    }

    private static bool IsIPv4(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
