using System.Net;
using System.Net.Sockets;
using System.Text;
using Lb.Testing;

namespace Lb.Netns.Tests.Clients;

/// <summary>
/// Datagrams to a service, each from a flow of its own, again and again; counts those that nobody answers. Nobody sends
/// them a second time, so what is lost shows.
/// </summary>
internal sealed class LiveTraffic : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Client and echo server are in one process, which may have to wait for a processor: what is answered after all was not lost.
    /// </summary>
    private static readonly TimeSpan LateTime = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private int _sent;
    private int _lost;

    private LiveTraffic(TestNamespace client, IPEndPoint service) => _running = RunAsync(client, service);

    /// <summary>Datagrams of which it is known whether they were answered.</summary>
    public int Sent => Volatile.Read(ref _sent);

    /// <summary>Those that were not.</summary>
    public int Lost => Volatile.Read(ref _lost);

    public static LiveTraffic Start(TestNamespace client, IPEndPoint service) => new(client, service);

    public void Dispose()
    {
        _stop.Cancel();
        _running.Wait(TimeSpan.FromSeconds(10));
        _stop.Dispose();
    }

    private async Task RunAsync(TestNamespace client, IPEndPoint service)
    {
        List<Task> asked = [];
        using var timer = new PeriodicTimer(Pause);
        while (!_stop.IsCancellationRequested)
        {
            asked.RemoveAll(task => task.IsCompleted);
            asked.Add(Task.Run(() => AskAsync(client, service)));
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }

        await Task.WhenAll(asked);
    }

    private async Task AskAsync(TestNamespace client, IPEndPoint service)
    {
        bool answered = false;
        bool isLate = false;
        try
        {
            using Socket socket = client.Invoke(() => new Socket(service.AddressFamily, SocketType.Dgram, ProtocolType.Udp));
            using var end = new CancellationTokenSource(LateTime);
            await socket.ConnectAsync(service, end.Token);
            await socket.SendAsync(Encoding.ASCII.GetBytes("hello"), end.Token);
            Task<int> answer = socket.ReceiveAsync(new byte[256], end.Token).AsTask();
            isLate = await Task.WhenAny(answer, Task.Delay(AnswerTime)) != answer;
            // Lost until it is known better: who asks meanwhile is not told too few.
            Interlocked.Add(ref _lost, isLate ? 1 : 0);
            answered = await answer > 0;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // Counted below.
        }

        Interlocked.Add(ref _lost, (answered ? 0 : 1) - (isLate ? 1 : 0));
        Interlocked.Increment(ref _sent);
    }
}
