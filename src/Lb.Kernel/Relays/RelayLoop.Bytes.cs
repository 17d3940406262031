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
        for (int i = 0; from.Readable && !from.ReadEnded && !to.IsHeldUp; i++)
        {
            if (i == MostReads)
            {
                MoveLater(connection, from);
                return;
            }

            if (!(from.Splices ? SpliceOnce(connection, from, to) : MoveOnce(connection, from, to)))
            {
                return;
            }
        }

        if (connection is { IsAskedAgain: true, StaysOut: false } && _pairs is not null
            && connection.Route.Settings.Transfer == RelayTransfer.Sockmap && from.Mapped is null)
        {
            MoveIn(connection);
        }
    }

    /// <summary>Reads once and writes what was read.</summary>
    /// <returns>Whether the connection lives.</returns>
    private bool MoveOnce(RelayConnection connection, RelaySide from, RelaySide to)
    {
        nint read = LibC.Receive(from.Socket, _buffer, BufferSize, 0);
        if (read <= 0)
        {
            return OnNothingRead(connection, from, read == 0);
        }

        // Whatever comes after this read is told anew.
        from.Readable = read == BufferSize || from.ReadsToEnd;
        Judge(from, read == BufferSize);
        connection.Since = _now;
        if (from.Mapped is { } end)
        {
            OnPassed(connection, end, read);
        }

        Count(connection, from, read);
        if (!Settle(connection, to))
        {
            to.Hold(new ReadOnlySpan<byte>(_buffer, (int)read));
            return true;
        }

        // The FIN that follows goes out in the segment of the last bytes: a packet less, and its acknowledgement. Where the
        // kernel moves bytes too, it may come too early to be believed.
        int flags = from is { HasFin: true, Mapped: null } ? LibC.NoSignal | LibC.MoreFollows : LibC.NoSignal;
        nint sent = LibC.Send(to.Socket, _buffer, (nuint)read, flags);
        if (sent < 0)
        {
            if (!IsForNow(RelaySockets.Last()))
            {
                Reset(connection, connection.LossOf(to, RelaySockets.Last()));
                return false;
            }

            sent = 0;
        }

        if (sent < read)
        {
            to.Hold(new ReadOnlySpan<byte>(_buffer + sent, (int)(read - sent)));
        }

        return true;
    }

    /// <summary>Passes a FIN or an error on, unless there is just nothing to read.</summary>
    /// <returns>Whether the connection lives.</returns>
    private bool OnNothingRead(RelayConnection connection, RelaySide from, bool ended)
    {
        if (ended)
        {
            if (from.Mapped is not null && IsEarly(connection, from))
            {
                return true;
            }

            from.ReadEnded = true;
            RelaySide to = connection.Other(from);
            return !Settle(connection, to) || EndWrite(connection, to);
        }

        Errno errno = RelaySockets.Last();
        if (!IsForNow(errno))
        {
            Reset(connection, connection.LossOf(from, errno));
            return false;
        }

        from.Readable = errno == Errno.EINTR;
        return true;
    }

    private static bool IsForNow(Errno errno) => errno is Errno.EAGAIN or Errno.EINTR;

    /// <summary>Lets others have their turn.</summary>
    private void MoveLater(RelayConnection connection, RelaySide from)
    {
        if (!from.IsQueued)
        {
            from.IsQueued = true;
            _again.Add((connection, from));
        }
    }

    private void MoveAgain()
    {
        if (_again.Count == 0)
        {
            return;
        }

        (_again, _againNow) = (_againNow, _again);
        foreach ((RelayConnection connection, RelaySide from) in _againNow)
        {
            from.IsQueued = false;
            if (!connection.Closed)
            {
                Move(connection, from);
            }
        }

        _againNow.Clear();
    }

    /// <summary>Writes what was held back.</summary>
    /// <returns>Whether the connection lives.</returns>
    private bool Flush(RelayConnection connection, RelaySide to)
    {
        if (to.Mapped is { IsAwaited: true } && !Settle(connection, to))
        {
            return true;
        }

        bool lives = to.Pipe is { } pipe ? Empty(connection, pipe, to) : to.Waiting is null || FlushWaiting(connection, to);
        if (!lives || to.IsHeldUp)
        {
            return lives;
        }

        RelaySide from = connection.Other(to);
        if (from.ReadEnded)
        {
            return EndWrite(connection, to);
        }

        Move(connection, from);
        return !connection.Closed;
    }

    private bool FlushWaiting(RelayConnection connection, RelaySide to)
    {
        fixed (byte* start = to.Waiting)
        {
            nint sent = LibC.Send(
                to.Socket, start + to.WaitingFrom, (nuint)(to.WaitingTo - to.WaitingFrom), LibC.NoSignal);
            if (sent < 0)
            {
                if (IsForNow(RelaySockets.Last()))
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
        return true;
    }

    /// <summary>Passes a FIN on. Nothing is held back: while something is, the other side is not read.</summary>
    /// <returns>Whether the connection lives.</returns>
    private bool EndWrite(RelayConnection connection, RelaySide to)
    {
        to.WriteEnded = true;
        connection.Since = _now;
        if (connection.Other(to).WriteEnded)
        {
            // Closing sends the FIN.
            Close(connection, connection.FinOf(to));
            return false;
        }

        _ = LibC.Shutdown(to.Socket, LibC.ShutdownWrite);
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
