using System.Diagnostics;
using Lb.Bench;

namespace Lb.ActorBench.Persistence;

/// <summary>How long the disk takes to make a page durable: no commit can be quicker.</summary>
internal static class Disk
{
    public static Statistics FlushMilliseconds(string directory)
    {
        const int page = 4096;
        const int flushes = 50;
        using var file = File.Create(Path.Combine(directory, "flush"));
        var bytes = new byte[page];
        return Statistics.Of(Enumerable.Range(0, flushes).Select(_ =>
        {
            file.Write(bytes);
            var start = Stopwatch.GetTimestamp();
            file.Flush(flushToDisk: true);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }).ToArray());
    }
}
