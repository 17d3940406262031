using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Lb.Actors;
using Lb.Bench;
using Lb.Kernel;
using Lb.Testing;

[assembly: SupportedOSPlatform("linux")]

namespace Lb.SharingBench;

/// <summary>
/// Flows are made in the kernel of one node at a rate; how long until the kernels of the others have them, and what it costs.
/// The kernel of each node is real, and so are the sockets between them; they share one process and one host.
/// </summary>
internal static class Program
{
    private const string Usage = "Lb.SharingBench [--rate FLOWS] [--seconds N] [--rounds N] [--nodes N]";

    private static int Main(string[] arguments)
    {
        if (!TryRead(arguments, "--rate", 20_000, out int rate) || !TryRead(arguments, "--seconds", 10, out int seconds)
            || !TryRead(arguments, "--rounds", 5, out int rounds) || !TryRead(arguments, "--nodes", 2, out int nodes)
            || nodes is < 1 or > 16 || arguments.Length % 2 != 0)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} processors, .NET {Environment.Version}, load before {Load}; {nodes} nodes, {rate:N0} tracked flows a second, {rounds} rounds of {seconds} s"));
        BenchNode[] site = [.. Enumerable.Range(1, nodes).Select(number => new BenchNode(number, nodes))];
        try
        {
            Wait.Until(() => site.All(node => node.IsWhole), "all nodes have what the others know", TimeSpan.FromSeconds(60));
            for (int round = 0; round <= rounds; round++)
            {
                Run(site, round, rate, seconds, counts: round > 0);
            }
        }
        finally
        {
            Array.ForEach(site, node => node.Dispose());
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"load after {Load}"));
        return 0;
    }

    /// <summary>One round; the first compiles the code, and does not count.</summary>
    private static void Run(BenchNode[] site, int round, int rate, int seconds, bool counts)
    {
        SharingSnapshot before = site[0].Sharing;
        long bytes = site[0].Mates.Sent;
        TimeSpan cpu = Process.GetCurrentProcess().TotalProcessorTime;
        long own = CpuClock.Nanoseconds;
        Stopwatch time = Stopwatch.StartNew();
        Make(site[0].Datapath, round, rate, rate * seconds, time);
        TimeSpan took = time.Elapsed;
        TimeSpan spent = Process.GetCurrentProcess().TotalProcessorTime - cpu - TimeSpan.FromMicroseconds((CpuClock.Nanoseconds - own) / 1000.0);
        SharingSnapshot after = site[0].Sharing;
        long told = after.Entries - before.Entries;
        if (!counts)
        {
            return;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"round {round}: {told / took.TotalSeconds:N0} entries a second told, {after.Lost - before.Lost} lost for want of room, "
            + $"{after.SentAgain - before.SentAgain} messages sent again, {(site[0].Mates.Sent - bytes) / took.TotalSeconds / 1000:N0} kB/s, "
            + $"{100 * spent / took:N0} % of a processor for all nodes"));
        foreach (SharedPeerSnapshot peer in after.Peers)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"    to {peer.Node}: from the message to its confirmation p50 {peer.LagMedian.TotalMilliseconds:N1} ms, p99 "
                + $"{peer.LagTail.TotalMilliseconds:N1} ms; behind at the end: {peer.Behind}"));
        }
    }

    /// <summary>Makes flows in the kernel at a rate: a SYN and a segment of each.</summary>
    private static void Make(LoadedDatapath datapath, int round, int rate, int count, Stopwatch time)
    {
        byte[] syn = Template.To(BenchNode.Vip, syn: true);
        byte[] segment = Template.To(BenchNode.Vip, syn: false);
        const int Client = 14 + 12;
        const int Port = 14 + 20;
        for (int i = 0; i < count; i++)
        {
            uint client = 0x0a400000u + (uint)(round << 12) + (uint)(i >> 14);
            ushort port = (ushort)(1024 + (i & 0x3fff));
            foreach (byte[] frame in (byte[][])[syn, segment])
            {
                BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(Client), client);
                BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(Port), port);
                datapath.Program.Run(frame);
            }

            // In steps of a millisecond, as traffic comes.
            if (i % Math.Max(rate / 1000, 1) == 0)
            {
                TimeSpan ahead = TimeSpan.FromSeconds((double)i / rate) - time.Elapsed;
                if (ahead > TimeSpan.FromMilliseconds(1))
                {
                    Thread.Sleep(ahead);
                }
            }
        }
    }

    private static string Load => File.ReadAllText("/proc/loadavg").Split(' ')[0];

    private static bool TryRead(string[] arguments, string name, int usual, out int value)
    {
        int at = Array.IndexOf(arguments, name);
        value = usual;
        return at < 0 || (at + 1 < arguments.Length && int.TryParse(arguments[at + 1], CultureInfo.InvariantCulture, out value) && value > 0);
    }
}
