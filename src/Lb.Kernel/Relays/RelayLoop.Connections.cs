using System.Buffers;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Relays;

/// <summary>What a connection's sockets are ready for, and its end.</summary>
internal sealed unsafe partial class RelayLoop
{
    private void OnReady(RelayConnection connection, RelaySide side, EpollEvents events)
    {
        if (!connection.Connected)
        {
            if (RelaySockets.TakeError(side.Socket) is var error && error != default)
            {
                OnConnectFailed(connection, error);
                return;
            }

            connection.Connected = true;
            connection.Since = _now;
            OnConnected(connection);
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
        OnEnd(connection, end);
        Shut(connection.Client);
        Shut(connection.Backend);
        connection.Service.Counter.AddOpen(-1);
        LeaveTarget(connection);
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
