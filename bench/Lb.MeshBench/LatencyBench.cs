using System.Buffers.Binary;
using System.Diagnostics;
using Lb.Cluster.Membership;
using Lb.Cluster.Transport;

namespace Lb.MeshBench;

/// <summary>How long a message of 100 bytes takes from one node to another of the same process.</summary>
internal sealed class LatencyBench(Site site)
{
    private const int Length = 100;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan BulkPace = TimeSpan.FromMilliseconds(20);

    /// <summary>The median and the 99th percentile, in microseconds, and how many messages were lost.</summary>
    public async Task<(double Median, double High, int Lost)> RunAsync(bool tls, bool beside, int count)
    {
        await using var one = site.Open(0, tls);
        await using var two = site.Open(1, tls);
        var taken = new long[count];
        var header = new byte[MessageHeader.Longest];
        header = header[..MessageHeader.Write(MessageKinds.Heartbeat, new NodeId(Site.AddressOf(0), 1), header)];
        await one.StartAsync(static _ => { });
        await two.StartAsync(bytes =>
        {
            var now = Stopwatch.GetTimestamp();
            if (bytes.Length == Length && BinaryPrimitives.ReadInt32LittleEndian(bytes[header.Length..]) is var number and >= 0)
            {
                Volatile.Write(ref taken[number], now - BinaryPrimitives.ReadInt64LittleEndian(bytes[(header.Length + 4)..]));
            }
        });

        // Warm: the connection is there, and the code compiled.
        await SendAsync(one, header, 500, isMeasured: false);
        using var end = new CancellationTokenSource();
        var bulk = beside ? FloodAsync(one, header, end.Token) : Task.CompletedTask;
        await SendAsync(one, header, count, isMeasured: true);
        await Task.Delay(TimeSpan.FromMilliseconds(500));
        await end.CancelAsync();
        await bulk;
        double[] arrived = [.. taken.Where(time => time > 0).Order().Select(time => Stopwatch.GetElapsedTime(0, time).TotalMicroseconds)];
        return (arrived[arrived.Length / 2], arrived[arrived.Length * 99 / 100], count - arrived.Length);
    }

    private static async Task SendAsync(IClusterTransport from, byte[] header, int count, bool isMeasured)
    {
        var message = new byte[Length];
        header.CopyTo(message, 0);
        for (var i = 0; i < count; i++)
        {
            await Task.Delay(Pace);
            BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(header.Length), isMeasured ? i : -1);
            BinaryPrimitives.WriteInt64LittleEndian(message.AsSpan(header.Length + 4), Stopwatch.GetTimestamp());
            from.Send(Site.AddressOf(1), message);
        }
    }

    /// <summary>Long messages all the while: 50 MB a second.</summary>
    private static async Task FloodAsync(IClusterTransport from, byte[] header, CancellationToken stop)
    {
        var message = new byte[1_000_000];
        header.CopyTo(message, 0);
        while (!stop.IsCancellationRequested)
        {
            from.Send(Site.AddressOf(1), message);
            await Task.Delay(BulkPace, CancellationToken.None);
        }
    }
}
