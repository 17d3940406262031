using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Lb.Testing;

namespace Lb.ClusterBench;

/// <summary>Changes of weights by the API of one node, as an operator's script makes them.</summary>
internal static class Changes
{
    private const int KernelWritten = 2031;

    /// <summary>Requests that are under way at a time, as of several operators.</summary>
    private const int MostAtOnce = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>How long one takes, from the request until the node has answered, and until every kernel has it.</summary>
    public static async Task TimeAsync(Bed bed, Options options)
    {
        using HttpClient http = Connect(bed.Nodes[0]);
        List<double> answered = [];
        List<double> carried = [];
        for (int i = 0; i < options.Repetitions; i++)
        {
            foreach (ClusterNodeProcess node in bed.Nodes)
            {
                node.TakeLog();
            }

            DateTime asked = DateTime.UtcNow;
            await ChangeAsync(http, options, i);
            answered.Add((DateTime.UtcNow - asked).TotalMilliseconds);
            DateTime?[] written = new DateTime?[bed.Nodes.Count];
            Wait.Until(
                () =>
                {
                    for (int node = 0; node < written.Length; node++)
                    {
                        written[node] ??= bed.Nodes[node].TakeLog()
                            .Find(line => line.Event == KernelWritten && line.Time >= asked)?.Time;
                    }

                    return Array.TrueForAll(written, time => time is not null);
                },
                "every kernel has the change",
                Patience);
            carried.Add((written.Max()!.Value - asked).TotalMilliseconds);
        }

        Program.Print("change to answer", answered);
        Program.Print("change to every kernel", carried);
    }

    /// <summary>What many of them cost.</summary>
    public static async Task<Cost[]> CostAsync(Bed bed, Options options)
    {
        using HttpClient http = Connect(bed.Nodes[0]);
        TimeSpan time = TimeSpan.FromSeconds(options.Seconds);
        int made = 0;
        Cost[] costs = await Cost.OfAsync(bed, time, async () =>
        {
            long start = Stopwatch.GetTimestamp();
            using SemaphoreSlim room = new(MostAtOnce);
            List<Task> under = [];
            for (; Stopwatch.GetElapsedTime(start) < time; made++)
            {
                await room.WaitAsync();
                under.Add(OneAsync(made, room));
                TimeSpan ahead = TimeSpan.FromSeconds((double)made / options.Rate) - Stopwatch.GetElapsedTime(start);
                if (ahead > TimeSpan.Zero)
                {
                    await Task.Delay(ahead);
                }
            }

            await Task.WhenAll(under);
        });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{made / time.TotalSeconds:0.0} changes a second were made"));
        return costs;

        async Task OneAsync(int number, SemaphoreSlim room)
        {
            await ChangeAsync(http, options, number);
            room.Release();
        }
    }

    private static async Task ChangeAsync(HttpClient http, Options options, int number)
    {
        // Another service each time, and another weight in each round of them.
        Dictionary<string, string[]> arguments = new()
        {
            ["service"] = [Bed.NameOf(number % options.Services)],
            ["backend"] = [$"b{number % options.Backends}"],
            ["weight"] = [$"{50 + (number / options.Services % 50)}"],
        };
        using HttpResponseMessage response = await http.PostAsJsonAsync("/api/v1/palettes/backend/weight", new { arguments });
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException(await response.Content.ReadAsStringAsync());
        }
    }

    private static HttpClient Connect(ClusterNodeProcess node) =>
        new(new SocketsHttpHandler
        {
            ConnectCallback = async (_, stop) =>
            {
                Socket socket = node.Net.Invoke(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, 9110), stop);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        {
            BaseAddress = new Uri("http://127.0.0.1:9110"),
        };
}
