using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Relays;

/// <summary>
/// The sockets of a UDP service at its VIP and port, one for each loop, and what is counted of datagrams. The kernel
/// gives all datagrams of one client's port to the same of them.
/// </summary>
internal sealed class DatagramListeners(IReadOnlyList<TakenDatagrams> sockets)
{
    private readonly ConcurrentBag<TakenDatagrams> _sockets = [.. sockets];
    private long _toBackend;
    private long _toClient;
    private long _full;
    private long _lost;

    /// <summary>Stands for all of them.</summary>
    public int First { get; } = sockets[0].Socket;

    /// <summary>How many no loop has yet.</summary>
    public int Left => _sockets.Count;

    /// <summary>Adds one, before there are loops for it.</summary>
    public void Add(TakenDatagrams socket) => _sockets.Add(socket);

    /// <summary>Gives one to a loop, which closes it.</summary>
    public bool TryTake([NotNullWhen(true)] out TakenDatagrams? socket) => _sockets.TryTake(out socket);

    /// <summary>Closes those that no loop has, and the flows that came with them.</summary>
    public void Drop()
    {
        while (_sockets.TryTake(out TakenDatagrams? socket))
        {
            _ = LibC.Close(socket.Socket);
            socket.Flows.ForEach(flow => _ = LibC.Close(flow.Socket));
        }
    }

    public void AddToBackend() => Interlocked.Increment(ref _toBackend);

    public void AddToClient() => Interlocked.Increment(ref _toClient);

    public void AddFull() => Interlocked.Increment(ref _full);

    public void AddLost(long datagrams = 1) => Interlocked.Add(ref _lost, datagrams);

    public DatagramCounts Read() => new(
        Interlocked.Read(ref _toBackend),
        Interlocked.Read(ref _toClient),
        Interlocked.Read(ref _full),
        Interlocked.Read(ref _lost));
}
