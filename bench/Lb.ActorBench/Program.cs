using Lb.ActorBench.Actors;
using Lb.ActorBench.Messaging;
using Lb.ActorBench.Persistence;

namespace Lb.ActorBench;

internal static class Program
{
    private const int Failed = 1;
    private const int Misused = 2;

    private static readonly (string Name, Func<Options, IEnumerable<Figure>> Run)[] Parts =
    [
        // First, while nothing else has left threads or garbage behind.
        ("idle", IdleBench.Run),
        ("memory", MemoryBench.Run),
        ("create", CreationBench.Run),
        ("tell", TellBench.Run),
        ("ping-pong", PingPongBench.Run),
        ("ask", AskBench.Run),
        ("sqlite", PersistBench.OnSqlite),
        ("postgres", PersistBench.OnPostgres),
    ];

    private static int Main(string[] arguments)
    {
        if (Options.Parse(arguments) is not { } options
            || options.Only.Except(Parts.Select(part => part.Name)).Any())
        {
            Console.Error.WriteLine(Options.Usage);
            return Misused;
        }

        try
        {
            Run(options);
            return 0;
        }
        catch (Exception e)
        {
            Console.Error.WriteLine(e.Message);
            return Failed;
        }
    }

    private static void Run(Options options)
    {
        Console.WriteLine(
            $"{Environment.ProcessorCount} processors, .NET {Environment.Version}, load before {Machine.Load}");
        Console.WriteLine("median (minimum – maximum), processor time of this process for each");
        var figures = new List<Figure>();
        foreach (var (_, run) in Parts.Where(part => options.Only.Count == 0 || options.Only.Contains(part.Name)))
        {
            foreach (var figure in run(options))
            {
                Console.WriteLine(figure);
                figures.Add(figure);
            }
        }

        Console.WriteLine($"load after {Machine.Load}");
        Console.WriteLine($"{Environment.NewLine}Written to {Results.Save(figures, options.Output)}");
    }
}
