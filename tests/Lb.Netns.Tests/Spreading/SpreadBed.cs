using System.Globalization;
using Lb.Kernel;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Spreading;

/// <summary>Sites whose packets are spread over CPUs, and what these have had.</summary>
internal static class SpreadBed
{
    /// <summary>The CPUs of this machine.</summary>
    public static int[] Online { get; } = [.. HostCpus.Read().Online];

    /// <summary>The same site with its packets spread over CPUs.</summary>
    public static SiteSpec SpreadOver(this SiteSpec site, string cpus) =>
        site with { Keys = $"{site.Keys}\nspread.cpus = \"{cpus}\"" };

    /// <summary>Packets by a CPU and by how it came to have them, since they are spread.</summary>
    public static long Packets(this Lbd lbd, int cpu, string way) => (long)lbd.Api.Metrics()[
        string.Create(CultureInfo.InvariantCulture, $"lb_cpu_packets_total{{cpu=\"{cpu}\",way=\"{way}\"}}")];

    /// <summary>Packets that a CPU has handled.</summary>
    public static long Handled(this Lbd lbd, int cpu) => lbd.Packets(cpu, "own") + lbd.Packets(cpu, "taken");

    /// <summary>The XDP program of an interface of the node.</summary>
    public static string ProgramOf(this Topology topology, string device)
    {
        string id = topology.Lb.Ip($"-o link show dev {device}").Split("prog/xdp id ")[1].Split(' ')[0];
        return Command.Run("bpftool", "prog", "show", "id", id).Split("name ")[1].Split(' ')[0];
    }
}
