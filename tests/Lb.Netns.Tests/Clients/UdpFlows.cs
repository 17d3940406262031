using System.Net;
using System.Net.Sockets;
using Lb.Testing;

namespace Lb.Netns.Tests.Clients;

/// <summary>UDP sockets of one client, each a flow.</summary>
internal sealed class UdpFlows : IDisposable
{
    private readonly List<Socket> _sockets;

    private UdpFlows(List<Socket> sockets) => _sockets = sockets;

    public static UdpFlows Open(TestNamespace client, IPEndPoint service, int count) =>
        new(client.Invoke(() => Enumerable.Range(0, count).Select(_ => Ask.OpenUdp(service)).ToList()));

    /// <summary>Sends a datagram on each and tells which backend answered.</summary>
    public IReadOnlyList<string> AskAll() => [.. _sockets.Select(s => Ask.AskUdp(s, "hello").Backend)];

    public void Dispose() => _sockets.ForEach(s => s.Dispose());
}
