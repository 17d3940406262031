using System.Net;
using Lb.Testing;

namespace Lb.Netns.Tests.Clients;

/// <summary>Many TCP connections that keep exchanging data, and what became of them.</summary>
internal sealed class LongLivedConnections : IDisposable
{
    private static readonly TimeSpan ConnectDeadline = TimeSpan.FromSeconds(60);

    private readonly List<EchoConnection> _connections;
    private readonly List<Task> _exchanges;
    private readonly CancellationTokenSource _stop = new();
    private bool _disposed;

    private LongLivedConnections(List<EchoConnection> connections)
    {
        _connections = connections;
        _exchanges = [.. connections.Select(c => c.ExchangeAsync(_stop.Token))];
    }

    /// <summary>Exchanges that were answered, over all connections.</summary>
    public long Exchanges => _connections.Sum(c => c.Exchanges);

    /// <summary>Connections that broke, each with the reason.</summary>
    public IReadOnlyList<string> Broken => [.. _connections.Where(c => c.Failure is not null).Select(c => c.Failure!)];

    /// <summary>The client's end of each connection, with the backend that it reached.</summary>
    public IEnumerable<(IPEndPoint Local, string Backend)> Sockets => _connections.Select(c => (c.Local, c.Greeting.Backend));

    /// <summary>How many connections each backend has.</summary>
    public IReadOnlyDictionary<string, int> ByBackend =>
        _connections.GroupBy(c => c.Greeting.Backend).ToDictionary(g => g.Key, g => g.Count());

    /// <summary>Opens the connections and starts exchanging on each.</summary>
    public static LongLivedConnections Open(TestNamespace client, IPEndPoint service, int count)
    {
        List<EchoConnection> connections = client.Invoke(
            () => Enumerable.Range(0, count).Select(_ => new EchoConnection(service)).ToList());
        Task all = Parallel.ForEachAsync(
            connections, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (c, stop) => await c.ConnectAsync(stop));
        if (!all.Wait(ConnectDeadline))
        {
            throw new TimeoutException($"{count} connections to {service} were not open in {ConnectDeadline.TotalSeconds} s.");
        }

        return new LongLivedConnections(connections);
    }

    /// <summary>Waits until every connection that is whole did an exchange that began after this call.</summary>
    /// <param name="but">A backend whose connections are not waited for.</param>
    public void ExchangeOnAll(string? but = null)
    {
        long[] before = [.. _connections.Select(c => c.Exchanges)];
        Wait.Until(
            () => _connections.Index().All(c =>
                c.Item.Failure is not null || c.Item.Greeting.Backend == but || c.Item.Exchanges > before[c.Index] + 1),
            "an exchange on every connection",
            TimeSpan.FromSeconds(60));
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _stop.Cancel();
        Task.WaitAll([.. _exchanges], TimeSpan.FromSeconds(10));
        _connections.ForEach(c => c.Dispose());
        _stop.Dispose();
    }
}
