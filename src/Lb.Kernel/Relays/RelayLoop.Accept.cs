using Lb.Kernel.Interop;

namespace Lb.Kernel.Relays;

/// <summary>The loop's part in the beginning of a connection: accept, choose a backend, connect.</summary>
internal sealed unsafe partial class RelayLoop
{
    private const int MostAccepts = 32;

    private void Accept(RelayService service)
    {
        for (int i = 0; i < MostAccepts; i++)
        {
            if (service.IsFull)
            {
                Pause(service);
                return;
            }

            SocketAddress peer;
            uint size = (uint)sizeof(SocketAddress);
            int socket = LibC.Accept(service.Listener, &peer, &size, LibC.AcceptedNow);
            if (socket < 0)
            {
                if (RelaySockets.Last() is Errno.EMFILE or Errno.ENFILE or Errno.ENOMEM or Errno.ENOBUFS)
                {
                    Log.RelayOutOfSockets(_logger, service.Vip, Failure.Name(RelaySockets.Last()));
                    Pause(service);
                    return;
                }

                if (RelaySockets.Last() is Errno.EAGAIN or Errno.EINVAL)
                {
                    return;
                }

                continue; // One that was reset before it was accepted.
            }

            RelaySockets.SetNoDelay(socket);
            RelayConnection connection = new(service, peer) { Index = TakeIndex() };
            connection.Client.Socket = socket;
            _connections[connection.Index] = connection;
            _open++;
            service.Counter.AddOpen(1);
            ConnectNext(connection);
        }
    }

    private int TakeIndex()
    {
        if (_free.TryPop(out int index))
        {
            return index;
        }

        _connections.Add(null);
        return _connections.Count - 1;
    }

    private void ConnectNext(RelayConnection connection)
    {
        while (connection.NextTarget() is { } target)
        {
            SocketAddress? source =
                connection.Route.Settings.Source == RelaySource.Client ? connection.Peer : null;
            int socket = RelaySockets.Connect(target.Address, source, connection.Service.Mark, out Errno errno);
            if (socket >= 0)
            {
                connection.Target = target;
                target.Counter.AddOpen(1);
                connection.Since = _now;
                connection.Backend.Socket = socket;
                Want(connection, connection.Backend, EpollEvents.Out);
                return;
            }

            CountFailure(connection.Service, target);
            if (errno is Errno.EMFILE or Errno.ENFILE or Errno.ENOMEM or Errno.ENOBUFS)
            {
                Log.RelayOutOfSockets(_logger, connection.Service.Vip, Failure.Name(errno));
                break;
            }
        }

        connection.Service.AddRefused();
        Reset(connection);
    }

    private void OnConnectFailed(RelayConnection connection)
    {
        RelayBackend target = connection.Target!;
        CountFailure(connection.Service, target);
        target.Counter.AddOpen(-1);
        connection.Target = null;
        Shut(connection.Backend);
        ConnectNext(connection);
    }

    private static void CountFailure(RelayService service, RelayBackend target)
    {
        service.Counter.AddFailure();
        target.Counter.AddFailure();
    }
}
