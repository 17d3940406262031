using Lb.Kernel.Interop;

namespace Lb.Kernel.Relays;

/// <summary>The loop's part in a handover to, or from, another process.</summary>
internal sealed unsafe partial class RelayLoop
{
    private volatile bool _leaving;

    /// <summary>Ends the loop and leaves its sockets as they are.</summary>
    /// <returns>The connections that it had.</returns>
    public IReadOnlyList<RelayConnection> Leave()
    {
        Post(loop => loop.BeginToLeave());
        _thread.Join();
        return [.. _connections.OfType<RelayConnection>().Where(connection => !connection.Closed)];
    }

    /// <summary>Goes on with a connection of another process.</summary>
    public void Adopt(RelayConnection connection)
    {
        connection.Index = TakeIndex();
        connection.Since = _now;
        _connections[connection.Index] = connection;
        _open++;
        connection.Service.Counter.AddOpen(1);
        connection.Service.Load.Enter();
        connection.Target!.Counter.AddOpen(1);
        connection.Target.Load.Enter();
        // Told at once of all that there is.
        Want(connection, connection.Client, Changes);
        Want(connection, connection.Backend, Changes);
    }

    /// <summary>
    /// A service that was taken over has its configuration: its connections go by it from now on, and clients that were
    /// without a backend get one.
    /// </summary>
    public void Renew(RelayService service)
    {
        foreach (RelayConnection connection in _connections.OfType<RelayConnection>()
            .Where(connection => ReferenceEquals(connection.Service, service)))
        {
            connection.Renew();
        }

        while (service.Waiting.TryTake(out (int Socket, SocketAddress Peer, byte[] Read) client))
        {
            service.Load.Enter();
            Begin(service, client.Socket, client.Peer, client.Read);
        }
    }

    /// <summary>Resets what a service has that nobody has claimed.</summary>
    public void Drop(RelayService service)
    {
        ResetWhere(connection => ReferenceEquals(connection.Service, service) ? RelayEnd.Ended : null);
        while (service.Waiting.TryTake(out (int Socket, SocketAddress Peer, byte[] Read) client))
        {
            RelaySockets.ResetOnClose(client.Socket);
            _ = LibC.Close(client.Socket);
        }
    }
}
