using System.Diagnostics;
using System.Globalization;
using Lb.Cluster.Database;
using Lb.Cluster.Membership;

namespace Lb.MeshBench;

/// <summary>What a node costs that only takes part: a process with three of them, and nothing else on its loopback.</summary>
internal sealed class IdleBench(Site site)
{
    private const int Nodes = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Bytes and processor time of a node in a second.</summary>
    public async Task<(double Bytes, double CpuMicroseconds)> RunAsync(bool tls, int round, TimeSpan length)
    {
        var database = ClusterDatabase.Of("SQLite", $"Data Source={Path.Combine(site.Folder, $"{tls}{round}.db")}");
        List<ClusterNode> nodes = [];
        try
        {
            for (var i = 0; i < Nodes; i++)
            {
                var node = new ClusterNode(
                    new MembershipOptions { Address = Site.AddressOf(i) },
                    new SqlMembershipTable(database, "bench", TimeProvider.System), site.Open(i, tls), TimeProvider.System);
                nodes.Add(node);
                await node.StartAsync();
                node.Join();
            }

            await UpAsync(nodes);

            // What starting has left behind is not what idling costs.
            await Task.Delay(TimeSpan.FromSeconds(3));
            var (bytes, cpu, start) = (LoopbackBytes(), Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
            await Task.Delay(length);
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            return (
                (LoopbackBytes() - bytes) / seconds / Nodes,
                (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / seconds / Nodes);
        }
        finally
        {
            foreach (var node in nodes)
            {
                await node.DisposeAsync();
            }
        }
    }

    private static async Task UpAsync(List<ClusterNode> nodes)
    {
        var start = Stopwatch.GetTimestamp();
        while (!nodes.TrueForAll(node => node.View.Unreachable.IsEmpty
            && node.View.State.Members.Values.Count(member => member.Status is NodeStatus.Up) == nodes.Count))
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
            {
                throw new TimeoutException("The nodes do not find each other.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
    }

    private static long LoopbackBytes()
    {
        var line = File.ReadLines("/proc/net/dev").Single(text => text.TrimStart().StartsWith("lo:", StringComparison.Ordinal));
        return long.Parse(line.Split(':')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture);
    }
}
