using Lb.Kernel.Interop;

namespace Lb.Kernel.Relays;

/// <summary>What the loop does about limits, timeouts and backends that fail.</summary>
internal sealed partial class RelayLoop
{
    private readonly List<RelayConnection> _waiting = [];

    // Those of the paused services for which there was no socket: they are tried again by time, not by room.
    private readonly HashSet<RelayService> _short = [];

    /// <summary>Somewhere there is room again: accepts, and finds backends for those that wait.</summary>
    public void Resume(RelayService service)
    {
        service.Room.Answer();
        if (_paused.Contains(service) && !_short.Contains(service) && !service.IsFull)
        {
            Unpause(service);
        }

        foreach (RelayConnection connection in _waiting.ToArray())
        {
            if (ReferenceEquals(connection.Service, service) && !connection.Closed)
            {
                StopWaiting(connection);
                ConnectNext(connection);
            }
        }
    }

    /// <summary>Lets connections wait in the backlog until some have ended.</summary>
    private void Pause(RelayService service)
    {
        if (_paused.Add(service))
        {
            service.Room.Take();
            Control(LibC.EpollDelete, service.Listener, EpollEvents.None, 0);
            if (!service.IsFull)
            {
                // Room came before anybody could know that it is waited for.
                Unpause(service);
            }
        }
    }

    /// <summary>As <see cref="Pause"/>, for lack of sockets.</summary>
    private void PauseShort(RelayService service)
    {
        if (_paused.Add(service))
        {
            _short.Add(service);
            Control(LibC.EpollDelete, service.Listener, EpollEvents.None, 0);
        }
    }

    private void Unpause(RelayService service)
    {
        Forget(service);
        Listen(service, _services.IndexOf(service));
    }

    /// <summary>The service is paused no more.</summary>
    /// <returns>Whether it was.</returns>
    private bool Forget(RelayService service)
    {
        if (!_paused.Remove(service))
        {
            return false;
        }

        if (!_short.Remove(service))
        {
            service.Room.Free();
        }

        return true;
    }

    /// <summary>Another loop was faster: all backends are full, and the connection is accepted already.</summary>
    private void WaitForRoom(RelayConnection connection)
    {
        connection.Waits = true;
        connection.Service.Room.Take();
        _waiting.Add(connection);
    }

    private void StopWaiting(RelayConnection connection)
    {
        connection.Waits = false;
        connection.Service.Room.Free();
        _waiting.Remove(connection);
    }

    /// <summary>Takes an accepted connection, or resets it when its client has too many.</summary>
    /// <returns>Whether it lives.</returns>
    private bool Admit(RelayConnection connection)
    {
        connection.Began = _now;
        connection.Since = _now;
        connection.ChooseLogging();
        int most = connection.Route.Settings.Limits.SourceConnections;
        if (most > 0)
        {
            connection.CountsForSource = connection.Service.Sources.TryTake(connection.Source, most);
            if (!connection.CountsForSource)
            {
                Reset(connection, RelayEnd.SourceLimit);
                return false;
            }
        }

        return true;
    }

    private void OnConnected(RelayConnection connection)
    {
        connection.OnConnected(_now);
        connection.LogBegin(connection.Service.FlowLog, _now);
    }

    private static void OnTargetFailed(RelayConnection connection, RelayBackend target, Errno errno)
    {
        connection.Service.Counter.AddFailure();
        target.Counter.AddFailure();
        // What the node itself lacks is no fault of the backend.
        if (errno is not (Errno.EMFILE or Errno.ENFILE or Errno.ENOMEM or Errno.ENOBUFS or Errno.EADDRNOTAVAIL))
        {
            connection.Service.Fail(target, errno switch
            {
                Errno.ETIMEDOUT => RelayFailure.Timeout,
                Errno.ECONNRESET => RelayFailure.Reset,
                _ => RelayFailure.Refused,
            });
        }
    }

    /// <summary>The connection has its backend no more.</summary>
    private static void LeaveTarget(RelayConnection connection)
    {
        if (connection.Target is { } target)
        {
            connection.Target = null;
            target.Counter.AddOpen(-1);
            target.Load.Leave();
        }

        connection.Service.OnRoom();
    }

    private void CheckTime(RelayConnection connection)
    {
        if (connection.InKernel)
        {
            CheckKernel(connection);
            if (connection.Closed)
            {
                return;
            }
        }

        long idle = _now - connection.Since;
        if (connection.Waits)
        {
            if (idle >= connection.Route.ConnectMilliseconds)
            {
                connection.Service.AddRefused();
                Reset(connection, RelayEnd.Full);
            }
        }
        else if (connection.Greeting is { IsDecided: false })
        {
            EndLateGreeting(connection, idle);
        }
        else if (!connection.Connected)
        {
            if (idle >= connection.Route.ConnectMilliseconds)
            {
                OnConnectFailed(connection, Errno.ETIMEDOUT);
            }
        }
        else if (_now - connection.Began >= connection.Route.LifeMilliseconds)
        {
            Reset(connection, RelayEnd.Life);
        }
        else if (idle >= connection.Route.IdleMilliseconds)
        {
            connection.Service.AddIdle();
            Reset(connection, RelayEnd.Idle);
        }
    }

    /// <summary>A connection ends: its backend is still known.</summary>
    private void OnEnd(RelayConnection connection, RelayEnd end)
    {
        if (connection.Waits)
        {
            StopWaiting(connection);
        }

        if (connection.CountsForSource)
        {
            connection.Service.Sources.Leave(connection.Source);
        }

        if (connection is { Connected: true, ToClient: 0, Target: { } target })
        {
            if (end is RelayEnd.BackendReset or RelayEnd.BackendLost)
            {
                connection.Service.Fail(target, RelayFailure.Reset);
            }
            else if (end == RelayEnd.Idle && connection.ToBackend > 0)
            {
                connection.Service.Fail(target, RelayFailure.Silent);
            }
        }

        connection.Service.AddEnd(end);
        connection.LogEnd(connection.Service.FlowLog, end, _now);
    }
}
