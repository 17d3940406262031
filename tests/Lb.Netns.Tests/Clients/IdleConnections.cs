using System.Net;
using Lb.Testing;

namespace Lb.Netns.Tests.Clients;

/// <summary>Many TCP connections that are silent, until they are told to speak.</summary>
internal sealed class IdleConnections : IDisposable
{
    private static readonly TimeSpan ConnectDeadline = TimeSpan.FromSeconds(60);

    private readonly List<EchoConnection> _connections;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _speaking = [];

    private IdleConnections(List<EchoConnection> connections) => _connections = connections;

    /// <summary>How many have this backend.</summary>
    public int Of(string backend) => _connections.Count(c => c.Greeting.Backend == backend);

    /// <summary>The client's end of one that has this backend.</summary>
    public IPEndPoint OneOf(string backend) => _connections.First(c => c.Greeting.Backend == backend).Local;

    /// <summary>Connections that broke, each with its backend and the reason.</summary>
    public IReadOnlyList<string> Broken => [.. _connections.Where(c => c.Failure is not null).Select(c => c.Failure!)];

    public static IdleConnections Open(TestNamespace client, IPEndPoint service, int count)
    {
        List<EchoConnection> connections = client.Invoke(
            () => Enumerable.Range(0, count).Select(_ => new EchoConnection(service)).ToList());
        Task all = Parallel.ForEachAsync(
            connections, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (c, stop) => await c.ConnectAsync(stop));
        return all.Wait(ConnectDeadline)
            ? new IdleConnections(connections)
            : throw new TimeoutException($"{count} connections to {service} were not open in {ConnectDeadline.TotalSeconds} s.");
    }

    /// <summary>Has one that has this backend speak, and waits until it is answered or breaks.</summary>
    public void SpeakOnOne(string backend) => Speak([_connections.First(c => c.Greeting.Backend == backend)]);

    /// <summary>Has all others speak as well, and waits until each is answered or breaks.</summary>
    public void SpeakOnAll() => Speak([.. _connections.Where(c => c.Failure is null && c.Exchanges == 0)]);

    public void Dispose()
    {
        _stop.Cancel();
        Task.WaitAll([.. _speaking], TimeSpan.FromSeconds(10));
        _connections.ForEach(c => c.Dispose());
        _stop.Dispose();
    }

    private void Speak(IReadOnlyCollection<EchoConnection> connections)
    {
        _speaking.AddRange(connections.Select(c => c.ExchangeAsync(_stop.Token)));
        Wait.Until(
            () => connections.All(c => c.Failure is not null || c.Exchanges > 0),
            "every connection is answered or broken",
            TimeSpan.FromSeconds(60));
    }
}
