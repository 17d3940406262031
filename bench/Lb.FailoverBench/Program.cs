using System.Globalization;
using System.Net;
using Lb.Netns.Tests.Announce;
using Lb.Testing;

namespace Lb.FailoverBench;

/// <summary>How long a VIP is not answered when a node is lost: its cables go out, and its process is killed.</summary>
internal static class Program
{
    private const string Usage = "Lb.FailoverBench [--repetitions N] [--only arp4|arp6|bgp4|bgp6]";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(3);

    private static int Main(string[] arguments)
    {
        int repetitions = 20;
        string[] only = ["arp4", "arp6", "bgp4", "bgp6"];
        for (int i = 0; i + 1 < arguments.Length; i += 2)
        {
            if (arguments[i] == "--repetitions" && int.TryParse(arguments[i + 1], CultureInfo.InvariantCulture, out int number))
            {
                repetitions = number;
            }
            else if (arguments[i] == "--only")
            {
                only = arguments[i + 1].Split(',');
            }
            else
            {
                Console.Error.WriteLine(Usage);
                return 2;
            }
        }

        foreach (string part in only)
        {
            Report(part, part.StartsWith("arp", StringComparison.Ordinal)
                ? Arp(ArpBed.Services[part == "arp4" ? 2 : 3], repetitions)
                : Bgp(BgpBed.Services[part == "bgp4" ? 0 : 1], repetitions));
        }

        return 0;
    }

    private static List<double> Arp(IPEndPoint vip, int repetitions)
    {
        using ArpBed bed = new(nodes: 3);
        Wait.Until(() => bed.IsSettled(bed.Nodes), "each VIP is with one node", Patience);
        List<double> times = [];
        while (times.Count < repetitions)
        {
            AnnounceNode holder = bed.WhoHas(vip.Address)[0];
            times.Add(Lose(bed, holder, vip, eachRound: 1));
            Restore(holder);
            Wait.Until(() => bed.IsSettled(bed.Nodes), "each VIP is with one node", Patience);
        }

        return times;
    }

    private static List<double> Bgp(IPEndPoint vip, int repetitions)
    {
        using BgpBed bed = new(nodes: 3);
        Wait.Until(() => bed.Reached().Count == bed.Nodes.Count, "the router sends to all nodes", Patience);
        List<double> times = [];
        while (times.Count < repetitions)
        {
            AnnounceNode lost = bed.Nodes[times.Count % bed.Nodes.Count];

            // A third of them is the lost node's.
            times.Add(Lose(bed, lost, vip, eachRound: 4));
            Restore(lost);
            Wait.Until(() => bed.Reached().Count == bed.Nodes.Count, "the router sends to all nodes", Patience);
        }

        return times;
    }

    private static double Lose(AnnounceBed bed, AnnounceNode node, IPEndPoint vip, int eachRound)
    {
        using Probe probe = new(bed.Client, vip, eachRound);
        Thread.Sleep(300 + Random.Shared.Next(300));
        long moment = TimeProvider.System.GetTimestamp();
        node.Cables(inside: false);
        node.Kill();
        Thread.Sleep(Watched);
        double time = probe.LastUnansweredAfter(moment)?.TotalMilliseconds ?? 0;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {time:0} ms"));
        return time;
    }

    private static void Restore(AnnounceNode node)
    {
        node.Cables(inside: true);
        node.Start();
        node.WaitFor(() => node.Sees(3), "it is back");
    }

    private static void Report(string part, List<double> times)
    {
        times.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{part}: {times.Count} losses, p50 {At(times, 0.5):0} ms, p99 {At(times, 0.99):0} ms, least {times[0]:0} ms, most {times[^1]:0} ms"));
    }

    private static double At(List<double> sorted, double share) =>
        sorted[Math.Min((int)Math.Ceiling(sorted.Count * share) - 1, sorted.Count - 1)];
}
