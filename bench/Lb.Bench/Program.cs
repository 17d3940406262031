using System.Diagnostics;
using System.Runtime.Versioning;
using Lb.Kernel;

[assembly: SupportedOSPlatform("linux")]

namespace Lb.Bench;

internal static class Program
{
    private const int Failed = 1;
    private const int Misused = 2;

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
        using var balancer = new Balancer(options.MaxFlows);
        IReadOnlyList<PacketResult> packets =
            options.WantsPackets ? new PacketBench(balancer, options).Run(Console.Error.WriteLine) : [];
        TableResult? table = options.WantsTables ? TableBench.Run(balancer.Datapath, table: 0) : null;
        return new Report(packets, table, MapMemory.ReadAll(), Bars.Of(packets, table));
    }
}
