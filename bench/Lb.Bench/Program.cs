using System.Diagnostics;
using System.Runtime.Versioning;
using Lb.Kernel;

[assembly: SupportedOSPlatform("linux")]

namespace Lb.Bench;

internal static class Program
{
    private const int Failed = 1;
    private const int Misused = 2;
    private const int Loopback = 1;

    private static int Main(string[] arguments)
    {
        if (Options.Parse(arguments) is not { } options)
        {
            Console.Error.WriteLine(Options.Usage);
            return Misused;
        }

        try
        {
            // Of this thread, which is the one that runs the programs.
            Process.GetCurrentProcess().ProcessorAffinity = 1 << options.Cpu;
            Report report = Measure(options);
            report.Print(Console.Out);
            Console.WriteLine($"{Environment.NewLine}Written to {report.Save(options.Output)}");
            return 0;
        }
        catch (Exception e) when (e is KernelException or InvalidOperationException)
        {
            Console.Error.WriteLine(e.Message);
            return Failed;
        }
    }

    private static Report Measure(Options options)
    {
        IReadOnlyList<LiveResult> live = options.WantsLive ? new LiveBench(options).Run(Console.Error.WriteLine) : [];
        IReadOnlyList<SpreadResult> spread = options.WantsSpread ? new SpreadBench(options).Run(Console.Error.WriteLine) : [];
        using var balancer = new Balancer(options.MaxFlows, Loopback);
        IReadOnlyList<PacketResult> packets =
            options.WantsPackets ? new PacketBench(balancer, options).Run(Console.Error.WriteLine) : [];
        IReadOnlyList<TableResult> tables = options.WantsTables ? TableBench.Run(balancer.Datapath, table: 0) : [];
        return new Report(
            packets,
            live,
            spread,
            tables,
            balancer.Datapath.ReadMaps(),
            balancer.Datapath.Program.ReadVerifiedInstructions(),
            Bars.Of(packets, live, tables, balancer.Datapath.Program));
    }
}
