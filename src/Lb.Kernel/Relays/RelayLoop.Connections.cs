using System.Buffers;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Relays;

/// <summary>What a connection's sockets are ready for, and its end.</summary>
internal sealed unsafe partial class RelayLoop
{
    /// <summary>What is wanted of a socket that is relayed, from beginning to end: two calls less for every stall and FIN.</summary>
    private const EpollEvents Changes =
        EpollEvents.In | EpollEvents.Out | EpollEvents.Urgent | EpollEvents.ReadHangUp | EpollEvents.Edge;

    private const EpollEvents Over = EpollEvents.Error | EpollEvents.HangUp;

    /// <summary>After these a read that does not fill the buffer is not the last.</summary>
    private const EpollEvents Ending = Over | EpollEvents.ReadHangUp | EpollEvents.Urgent;

    private void OnReady(RelayConnection connection, RelaySide side, EpollEvents events)
    {
        if (!connection.Connected)
        {
            if (connection.Greeting is { IsDecided: false })
            {
                ReadGreeting(connection);
                return;
            }

            if ((events & Over) != EpollEvents.None && RelaySockets.TakeError(side.Socket) is var error && error != default)
            {
                OnConnectFailed(connection, error);
                return;
            }

            connection.Connected = true;
            connection.Since = _now;
            OnConnected(connection);
            connection.Service.Counter.AddConnection();
            connection.Target!.Counter.AddConnection();
            Want(connection, connection.Client, Changes);
            if (connection.Greeting is not null && !SendGreeting(connection))
            {
                return;
            }
        }

        OnChanged(connection, side, events);
    }

    /// <summary>Takes what epoll says of a socket, which it says once: nothing of it may be forgotten.</summary>
    private void OnChanged(RelayConnection connection, RelaySide side, EpollEvents events)
    {
        if ((events & EpollEvents.Error) != EpollEvents.None && (side.ReadEnded || connection.Other(side).IsHeldUp))
        {
            // No read would find it, or only once the other side takes what it was sent.
            Reset(connection, connection.LossOf(side, RelaySockets.TakeError(side.Socket)));
            return;
        }

        side.ReadsToEnd |= (events & Ending) != EpollEvents.None;
        side.HasFin |= (events & EpollEvents.ReadHangUp) != EpollEvents.None;
        if ((events & EpollEvents.Urgent) != EpollEvents.None)
        {
            side.HasUrgent = true;
            side.Splices = false;
        }

        side.Readable |= (events & (EpollEvents.In | Ending)) != EpollEvents.None;
        if (side.IsHeldUp && (events & (EpollEvents.Out | Over)) != EpollEvents.None && !Flush(connection, side))
        {
            return;
        }

        Move(connection, side);
    }

    private void Reset(RelayConnection connection, RelayEnd end)
    {
        if (connection.Client.Socket >= 0)
        {
            RelaySockets.ResetOnClose(connection.Client.Socket);
        }

        if (connection.Backend.Socket >= 0)
        {
            RelaySockets.ResetOnClose(connection.Backend.Socket);
        }

        Close(connection, end);
    }

    private void Close(RelayConnection connection, RelayEnd end)
    {
        if (connection.Closed)
        {
            return;
        }

        connection.Closed = true;
        LeaveKernel(connection);
        OnEnd(connection, end);
        connection.Greeting?.Release();
        Unmap(connection);
        Shut(connection.Client);
        Shut(connection.Backend);
        connection.Service.Counter.AddOpen(-1);
        connection.Service.Load.Leave();
        LeaveTarget(connection);
        _open--;
        _justClosed.Add(connection.Index);
    }

    private void Shut(RelaySide side)
    {
        ReturnWaiting(side);
        if (side.Pipe is { } pipe)
        {
            _pipes.Return(pipe);
            side.Pipe = null;
        }

        if (side.Socket >= 0)
        {
            // Closing takes it out of epoll.
            _ = LibC.Close(side.Socket);
            side.Socket = -1;
        }

        side.Interest = EpollEvents.None;
        side.Readable = false;
        side.ReadsToEnd = false;
        side.HasFin = false;
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
    /// Changes what epoll is asked for: nothing else once a connection has both ends, since then it tells
    /// <see cref="Changes"/>. Of a socket of which nothing is wanted it is told nothing either: a hang-up, which cannot be
    /// left out otherwise, would wake the loop again and again.
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
