using System.Buffers;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Relays;

/// <summary>The loop's part in the life of a connection: accept, connect, move bytes both ways, close.</summary>
internal sealed unsafe partial class RelayLoop
{
    /// <summary>One read at most, and so what one direction of a connection can hold back.</summary>
    private const int BufferSize = 128 * 1024;

    private const int MostAccepts = 32;
    private const int MostReads = 4;

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
            int socket = RelaySockets.Connect(target.Address, source, out Errno errno);
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

    private void OnReady(RelayConnection connection, RelaySide side, EpollEvents events)
    {
        if (!connection.Connected)
        {
            if (RelaySockets.TakeError(side.Socket) != default)
            {
                OnConnectFailed(connection);
                return;
            }

            connection.Connected = true;
            connection.Since = _now;
            connection.Service.Counter.AddConnection();
            connection.Target!.Counter.AddConnection();
            Want(connection, connection.Backend, EpollEvents.In);
            Want(connection, connection.Client, EpollEvents.In);
            return;
        }

        const EpollEvents over = EpollEvents.Error | EpollEvents.HangUp;
        if (side.Interest.HasFlag(EpollEvents.Out) && (events & (EpollEvents.Out | over)) != EpollEvents.None
            && !Flush(connection, side))
        {
            return;
        }

        if (side.Interest.HasFlag(EpollEvents.In) && (events & (EpollEvents.In | over)) != EpollEvents.None)
        {
            Move(connection, side);
        }
    }

    /// <summary>Reads from one side and writes to the other, until there is no more or it would not take more.</summary>
    private void Move(RelayConnection connection, RelaySide from)
    {
        RelaySide to = connection.Other(from);
        for (int i = 0; i < MostReads; i++)
        {
            nint read = LibC.Receive(from.Socket, _buffer, BufferSize, 0);
            if (read <= 0)
            {
                if (read == 0)
                {
                    OnReadEnded(connection, from);
                }
                else if (RelaySockets.Last() is not (Errno.EAGAIN or Errno.EINTR))
                {
                    Reset(connection);
                }

                return;
            }

            connection.Since = _now;
            Count(connection, from, read);
            nint sent = LibC.Send(to.Socket, _buffer, (nuint)read, LibC.NoSignal);
            if (sent < 0)
            {
                if (RelaySockets.Last() is not (Errno.EAGAIN or Errno.EINTR))
                {
                    Reset(connection);
                    return;
                }

                sent = 0;
            }

            if (sent < read)
            {
                HoldBack(to, new ReadOnlySpan<byte>(_buffer + sent, (int)(read - sent)));
                Want(connection, from, from.Interest & ~EpollEvents.In);
                Want(connection, to, to.Interest | EpollEvents.Out);
                return;
            }

            if (read < BufferSize)
            {
                return;
            }
        }
    }

    private static void HoldBack(RelaySide to, ReadOnlySpan<byte> bytes)
    {
        to.Waiting = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(to.Waiting);
        to.WaitingFrom = 0;
        to.WaitingTo = bytes.Length;
    }

    /// <summary>Writes what was held back.</summary>
    /// <returns>Whether the connection lives.</returns>
    private bool Flush(RelayConnection connection, RelaySide to)
    {
        fixed (byte* start = to.Waiting)
        {
            nint sent = LibC.Send(
                to.Socket, start + to.WaitingFrom, (nuint)(to.WaitingTo - to.WaitingFrom), LibC.NoSignal);
            if (sent < 0)
            {
                if (RelaySockets.Last() is Errno.EAGAIN or Errno.EINTR)
                {
                    return true;
                }

                Reset(connection);
                return false;
            }

            to.WaitingFrom += (int)sent;
        }

        connection.Since = _now;
        if (to.WaitingFrom < to.WaitingTo)
        {
            return true;
        }

        ReturnWaiting(to);
        Want(connection, to, to.Interest & ~EpollEvents.Out);
        RelaySide from = connection.Other(to);
        if (from.ReadEnded)
        {
            return EndWrite(connection, to);
        }

        Want(connection, from, from.Interest | EpollEvents.In);
        return true;
    }

    private void OnReadEnded(RelayConnection connection, RelaySide from)
    {
        from.ReadEnded = true;
        Want(connection, from, from.Interest & ~EpollEvents.In);
        EndWrite(connection, connection.Other(from));
    }

    /// <summary>Passes a FIN on. Nothing is held back: while something is, the other side is not read.</summary>
    /// <returns>Whether the connection lives.</returns>
    private bool EndWrite(RelayConnection connection, RelaySide to)
    {
        to.WriteEnded = true;
        connection.Since = _now;
        _ = LibC.Shutdown(to.Socket, LibC.ShutdownWrite);
        if (connection.Other(to).WriteEnded)
        {
            Close(connection);
            return false;
        }

        return true;
    }

    private static void Count(RelayConnection connection, RelaySide from, long bytes)
    {
        if (ReferenceEquals(from, connection.Client))
        {
            connection.Service.Counter.AddBytesToBackend(bytes);
            connection.Target!.Counter.AddBytesToBackend(bytes);
        }
        else
        {
            connection.Service.Counter.AddBytesToClient(bytes);
            connection.Target!.Counter.AddBytesToClient(bytes);
        }
    }

    private void Reset(RelayConnection connection)
    {
        if (connection.Client.Socket >= 0)
        {
            RelaySockets.ResetOnClose(connection.Client.Socket);
        }

        if (connection.Backend.Socket >= 0)
        {
            RelaySockets.ResetOnClose(connection.Backend.Socket);
        }

        Close(connection);
    }

    private void Close(RelayConnection connection)
    {
        if (connection.Closed)
        {
            return;
        }

        connection.Closed = true;
        Shut(connection.Client);
        Shut(connection.Backend);
        connection.Target?.Counter.AddOpen(-1);
        connection.Service.Counter.AddOpen(-1);
        _open--;
        _justClosed.Add(connection.Index);
    }

    private static void Shut(RelaySide side)
    {
        ReturnWaiting(side);
        if (side.Socket >= 0)
        {
            // Closing takes it out of epoll.
            _ = LibC.Close(side.Socket);
            side.Socket = -1;
        }

        side.Interest = EpollEvents.None;
    }

    private static void ReturnWaiting(RelaySide side)
    {
        if (side.Waiting is { } waiting)
        {
            ArrayPool<byte>.Shared.Return(waiting);
            side.Waiting = null;
        }
    }

    /// <summary>
    /// Changes what epoll is asked for. Of a socket of which nothing is wanted it is told nothing either: a hang-up, which
    /// cannot be left out otherwise, would wake the loop again and again.
    /// </summary>
    private void Want(RelayConnection connection, RelaySide side, EpollEvents wanted)
    {
        if (side.Interest == wanted)
        {
            return;
        }

        int operation = wanted == EpollEvents.None ? LibC.EpollDelete
            : side.Interest == EpollEvents.None ? LibC.EpollAdd
            : LibC.EpollModify;
        ulong data = ((ulong)connection.Index << 1) | (ReferenceEquals(side, connection.Client) ? 0ul : 1ul);
        Control(operation, side.Socket, wanted, data);
        side.Interest = wanted;
    }
}
