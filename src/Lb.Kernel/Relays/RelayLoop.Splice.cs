using Lb.Kernel.Interop;

namespace Lb.Kernel.Relays;

/// <summary>The loop's part in bulk: bytes that go from socket to socket through a pipe and never leave the kernel.</summary>
internal sealed unsafe partial class RelayLoop
{
    /// <summary>Reads in succession that filled the buffer, after which a direction is bulk.</summary>
    private const int FullReadsOfBulk = 4;

    /// <summary>A direction that came to an end of what there was with less than this is bulk no longer.</summary>
    private const int LeastOfBulk = BufferSize;

    private readonly RelayPipes _pipes = new();

    /// <summary>Counts reads that filled the buffer: a direction with enough of them is spliced.</summary>
    private static void Judge(RelaySide from, bool full)
    {
        from.FullReads = full ? from.FullReads + 1 : 0;
        from.Splices = from.FullReads >= FullReadsOfBulk && !from.HasUrgent && from.Mapped is null;
    }

    /// <summary>Moves what one pipe takes.</summary>
    /// <returns>Whether the connection lives.</returns>
    private bool SpliceOnce(RelayConnection connection, RelaySide from, RelaySide to)
    {
        RelayPipe? pipe = _pipes.Take();
        if (pipe is null)
        {
            Judge(from, full: false);
            return true;
        }

        nint read = LibC.Splice(from.Socket, null, pipe.Input, null, RelayPipes.Room, LibC.SpliceNow);
        if (read <= 0)
        {
            _pipes.Return(pipe);
            return OnNothingSpliced(connection, from, read == 0);
        }

        pipe.Held = (int)read;
        from.Spliced += read;
        connection.Since = _now;
        Count(connection, from, read);
        return Empty(connection, pipe, to);
    }

    /// <summary>As <see cref="OnNothingRead"/>; the pipe was empty, so it was not the pipe that took nothing.</summary>
    /// <returns>Whether the connection lives.</returns>
    private bool OnNothingSpliced(RelayConnection connection, RelaySide from, bool ended)
    {
        if (!ended && RelaySockets.Last() == Errno.EINVAL)
        {
            // A socket that cannot be spliced.
            from.HasUrgent = true;
            Judge(from, full: false);
            return true;
        }

        if (from.Spliced < LeastOfBulk)
        {
            Judge(from, full: false);
        }

        from.Spliced = 0;
        return OnNothingRead(connection, from, ended);
    }

    /// <summary>Takes bytes out of pipes, which stay behind, into buffers of their connections.</summary>
    private void KeepWhatIsInPipes()
    {
        foreach (RelayConnection connection in _connections.OfType<RelayConnection>().Where(one => !one.Closed))
        {
            KeepWhatIsPiped(connection.Client);
            KeepWhatIsPiped(connection.Backend);
        }
    }

    private void KeepWhatIsPiped(RelaySide to)
    {
        if (to.Pipe is not { } pipe)
        {
            return;
        }

        byte[] bytes = new byte[pipe.Held];
        fixed (byte* first = bytes)
        {
            for (nint read; pipe.Held > 0; pipe.Held -= (int)read)
            {
                read = LibC.Read(pipe.Output, first + bytes.Length - pipe.Held, (nuint)pipe.Held);
                if (read <= 0)
                {
                    throw Failure.Last("read(pipe)");
                }
            }
        }

        to.Pipe = null;
        _pipes.Return(pipe);
        to.Hold(bytes);
    }

    /// <summary>Writes what is in a pipe; what the socket does not take stays there, and holds the direction up.</summary>
    /// <returns>Whether the connection lives.</returns>
    private bool Empty(RelayConnection connection, RelayPipe pipe, RelaySide to)
    {
        to.Pipe = null;
        while (pipe.Held > 0)
        {
            nint sent = LibC.Splice(pipe.Output, null, to.Socket, null, (nuint)pipe.Held, LibC.SpliceNow);
            if (sent > 0)
            {
                pipe.Held -= (int)sent;
                connection.Since = _now;
                continue;
            }

            // Only a call that took nothing has epoll tell of room.
            to.Pipe = pipe;
            if (sent < 0 && IsForNow(RelaySockets.Last()))
            {
                return true;
            }

            Reset(connection, connection.LossOf(to, RelaySockets.Last()));
            return false;
        }

        _pipes.Return(pipe);
        return true;
    }
}
