using System.Collections.Concurrent;
using System.Net;
using Lb.Testing;

namespace Lb.Netns.Tests.Clients;

/// <summary>A steady stream of connections that each ask once and end, and what became of them.</summary>
internal sealed class NewConnections : IDisposable
{
    private const int AtOnce = 4;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(20);

    private readonly ConcurrentQueue<string> _failures = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private int _served;

    private NewConnections(TestNamespace client, IPEndPoint service) =>
        _running = Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(() => RunAsync(client, service))));

    /// <summary>Connections that were served.</summary>
    public int Served => Volatile.Read(ref _served);

    /// <summary>What became of those that were not.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    public static NewConnections Start(TestNamespace client, IPEndPoint service) => new(client, service);

    /// <summary>Waits until so many more were served.</summary>
    public void WaitForMore(int count)
    {
        int wanted = Served + count;
        Wait.Until(() => Served >= wanted || !_failures.IsEmpty, $"{count} more connections are served");
    }

    public void Dispose()
    {
        _stop.Cancel();
        _running.Wait(TimeSpan.FromSeconds(30));
        _stop.Dispose();
    }

    private async Task RunAsync(TestNamespace client, IPEndPoint service)
    {
        using var timer = new PeriodicTimer(Pace);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using EchoConnection connection = client.Invoke(() => new EchoConnection(service));
                using var deadline = new CancellationTokenSource(AnswerTime);
                await connection.AskAsync(deadline.Token);
                Interlocked.Increment(ref _served);
            }
            catch (Exception e) when (e is System.Net.Sockets.SocketException or IOException or OperationCanceledException)
            {
                _failures.Enqueue($"after {Served}: {e.Message}");
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
