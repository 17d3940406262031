using System.Diagnostics;
using System.Globalization;

namespace Lb.ClusterBench;

/// <summary>What a node uses.</summary>
/// <param name="Core">Share of a processor core.</param>
/// <param name="Bytes">Bytes a second to other nodes.</param>
/// <param name="Megabytes">Memory.</param>
internal readonly record struct Cost(double Core, double Bytes, double Megabytes)
{
    /// <summary>Counts for a while, in which something may be done.</summary>
    public static async Task<Cost[]> OfAsync(Bed bed, TimeSpan time, Func<Task> work)
    {
        // What came before has an end.
        await Task.Delay(TimeSpan.FromSeconds(3));
        (double Processor, long Bytes)[] before = Read(bed);
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(work(), Task.Delay(time));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        (double Processor, long Bytes)[] after = Read(bed);
        return [.. Enumerable.Range(0, before.Length).Select(node => new Cost(
            (after[node].Processor - before[node].Processor) / seconds,
            (after[node].Bytes - before[node].Bytes) / seconds,
            bed.Nodes[node].Memory()))];
    }

    private static (double Processor, long Bytes)[] Read(Bed bed) =>
        [.. bed.Nodes.Select(node => (node.Processor(), node.Bytes()))];

    /// <summary>Prints what each node used.</summary>
    public static void Print(string what, Cost[] costs)
    {
        foreach (Cost cost in costs)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{what,-44} {cost.Core:P1} of a core, {cost.Bytes:N0} bytes/s to other nodes, {cost.Megabytes:N0} MB"));
        }
    }
}
