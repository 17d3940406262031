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
            if (service.IsFull || !service.TryEnter())
            {
                Pause(service);
                return;
            }

            SocketAddress peer;
            uint size = (uint)sizeof(SocketAddress);
            int socket = LibC.Accept(service.Listener, &peer, &size, LibC.AcceptedNow);
            if (socket < 0)
            {
                Errno errno = RelaySockets.Last();
                service.Leave();
                if (errno is Errno.EMFILE or Errno.ENFILE or Errno.ENOMEM or Errno.ENOBUFS)
                {
                    Log.RelayOutOfSockets(_logger, service.Vip, Failure.Name(errno));
                    PauseShort(service);
                    return;
                }

                if (errno is Errno.EAGAIN or Errno.EINVAL)
                {
                    return;
                }

                continue; // One that was reset before it was accepted.
            }

            Begin(service, socket, peer, []);
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
        RelayEnd lack = RelayEnd.ConnectFailed;
        bool speaksAtOnce = connection.Greeting is { SpeaksFirst: true } || RelaySockets.HasBytes(connection.Client.Socket);
        while (connection.NextTarget(_now, out lack) is { } target)
        {
            int socket = RelaySockets.Connect(
                target.Address, connection.SourceFor(target), connection.Service.Mark, speaksAtOnce, out Errno errno);
            if (socket >= 0)
            {
                RelaySockets.KeepAlive(socket, connection.Route.Settings.KeepAlive);
                connection.Target = target;
                target.Counter.AddOpen(1);
                connection.Since = _now;
                connection.BeginConnect();
                connection.Backend.Socket = socket;
                Want(connection, connection.Backend, Changes);
                return;
            }

            target.Load.Leave();
            OnTargetFailed(connection, target, errno);
            if (errno is Errno.EMFILE or Errno.ENFILE or Errno.ENOMEM or Errno.ENOBUFS)
            {
                Log.RelayOutOfSockets(_logger, connection.Service.Vip, Failure.Name(errno));
                lack = RelayEnd.NoSocket;
                break;
            }
        }

        if (lack == RelayEnd.Full)
        {
            WaitForRoom(connection);
            return;
        }

        connection.Service.AddRefused();
        Reset(connection, lack);
    }

    private void OnConnectFailed(RelayConnection connection, Errno errno)
    {
        OnTargetFailed(connection, connection.Target!, errno);
        LeaveTarget(connection);
        Shut(connection.Backend);
        ConnectNext(connection);
    }
}
