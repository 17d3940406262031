using System.Globalization;
using Lb.Kernel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")]

namespace Lb.RelayBench;

internal static class Program
{
    private const int Failed = 1;
    private const int Misused = 2;

    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case [RelayServer.Role, var port, .. var engine]:
                RelayServer.Run(
                    int.Parse(port, CultureInfo.InvariantCulture),
                    engine is [Proxy.Sockmap] ? RelayTransfer.Sockmap : RelayTransfer.Loop);
                return 0;
            case [IdleClients.Role, var port, var count]:
                IdleClients.Run(
                    int.Parse(port, CultureInfo.InvariantCulture), int.Parse(count, CultureInfo.InvariantCulture));
                return 0;
        }

        if (Options.Parse(arguments) is not { } options)
        {
            Console.Error.WriteLine(Options.Usage);
            return Misused;
        }

        try
        {
            Report report = Measure(options);
            report.Print(Console.Out);
            Console.WriteLine($"{Environment.NewLine}Written to {report.Save(options.Output)}");
            return 0;
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException or IOException)
        {
            Console.Error.WriteLine(e.Message);
            return Failed;
        }
    }

    private static Report Measure(Options options)
    {
        using var bed = Bed.Make();
        // Whoever ends the program ends what it started too.
        void End(PosixSignalContext context) => bed.Dispose();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        IReadOnlyList<Sample> samples = new TrafficBench(bed, options).Run(Console.Error.WriteLine);
        IReadOnlyList<MemorySample> memory =
            options.Wants(MemoryBench.Part) ? MemoryBench.Run(bed, options) : [];
        return new Report(samples, memory);
    }
}
