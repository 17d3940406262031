using System.Buffers;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Relays;

/// <summary>The loop's part in the middle of a connection: bytes and FINs, both ways.</summary>
internal sealed unsafe partial class RelayLoop
{
    /// <summary>One read at most, and so what one direction of a connection can hold back.</summary>
    private const int BufferSize = 128 * 1024;

    private const int MostReads = 4;

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
                    Reset(connection, connection.LossOf(from, RelaySockets.Last()));
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
                    Reset(connection, connection.LossOf(to, RelaySockets.Last()));
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

                Reset(connection, connection.LossOf(to, RelaySockets.Last()));
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
            Close(connection, connection.FinOf(to));
            return false;
        }

        return true;
    }

    private static void Count(RelayConnection connection, RelaySide from, long bytes)
    {
        if (ReferenceEquals(from, connection.Client))
        {
            connection.CarryToBackend(bytes);
            connection.Service.Counter.AddBytesToBackend(bytes);
            connection.Target!.Counter.AddBytesToBackend(bytes);
        }
        else
        {
            connection.CarryToClient(bytes);
            connection.Service.Counter.AddBytesToClient(bytes);
            connection.Target!.Counter.AddBytesToClient(bytes);
        }
    }
}
