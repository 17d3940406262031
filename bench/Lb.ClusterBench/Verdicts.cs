namespace Lb.ClusterBench;

/// <summary>How long it takes from a verdict on a backend, as its owner has come to it, until every kernel goes by it.</summary>
internal static class Verdicts
{
    private const int BackendDown = 2021;
    private const int KernelWritten = 2031;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static void Run(Bed bed, Options options)
    {
        List<double> seen = [];
        List<double> carried = [];
        for (int i = 0; i < options.Repetitions; i++)
        {
            int service = i % options.Services;
            int backend = i / options.Services % options.Backends;
            foreach (ClusterNodeProcess node in bed.Nodes)
            {
                node.TakeLog();
            }

            DateTime stopped = DateTime.UtcNow;
            bed.Serve(service, backend, serves: false);
            (DateTime verdict, DateTime written) = Wait(bed);
            seen.Add((verdict - stopped).TotalMilliseconds);
            carried.Add((written - verdict).TotalMilliseconds);
            bed.Serve(service, backend, serves: true);
            Lb.Testing.Wait.Until(
                () => bed.Nodes.All(node => node.TakeLog().Exists(line => line.Event == KernelWritten)), "it is back", Patience);
        }

        Program.Print("backend stops to verdict (two probes)", seen);
        Program.Print("verdict to every kernel", carried);
    }

    /// <summary>The first word of it on any node, and the last kernel that has it.</summary>
    private static (DateTime Verdict, DateTime Written) Wait(Bed bed)
    {
        List<LogLine>[] logs = [.. bed.Nodes.Select(_ => new List<LogLine>())];
        Lb.Testing.Wait.Until(
            () =>
            {
                for (int node = 0; node < logs.Length; node++)
                {
                    logs[node].AddRange(bed.Nodes[node].TakeLog());
                }

                return Array.TrueForAll(logs, log => WrittenAfterVerdict(log) is not null);
            },
            "every kernel has the verdict",
            Patience);
        return (
            logs.Min(log => log.Find(line => line.Event == BackendDown)!.Time),
            logs.Max(log => WrittenAfterVerdict(log)!.Time));
    }

    private static LogLine? WrittenAfterVerdict(List<LogLine> log)
    {
        int down = log.FindIndex(line => line.Event == BackendDown);
        return down < 0 ? null : log.Find(line => line.Event == KernelWritten && log.IndexOf(line) > down);
    }
}
