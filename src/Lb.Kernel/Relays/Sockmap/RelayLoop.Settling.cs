namespace Lb.Kernel.Relays;

/// <summary>
/// What the loop waits for when it takes a direction back from the kernel. It passes through <see cref="Settle"/> before
/// the loop writes, or ends, that direction: the kernel writes what it moved on a thread of its own, some time later.
/// </summary>
internal sealed partial class RelayLoop
{
    /// <summary>How long it is looked every millisecond whether something is written; then at each tick.</summary>
    private const long HasteMilliseconds = 1000;

    private readonly List<RelayConnection> _settling = [];
    private long _hasteUntil;

    private void OnPassed(RelayConnection connection, SockmapEnd end, nint read)
    {
        end.Read += read;
        end.Map[end.Index].Read = (ulong)end.Read;
        if (connection.InKernel)
        {
            TakeBack(connection);
        }
    }

    /// <summary>
    /// Whether a FIN comes before the bytes that it stands behind: those that the program left to the loop are not seen by it
    /// while the kernel has something to write to the same socket.
    /// </summary>
    private bool IsEarly(RelayConnection connection, RelaySide from)
    {
        // Bytes that were lost count as passed: a FIN behind them is never believed.
        SockmapEnd end = from.Mapped!;
        bool early = (long)end.Map[end.Index].Passed > end.Read;
        from.Readable = false;
        if (early && !end.IsLate)
        {
            Await(connection);
        }

        end.IsLate = early;
        return early;
    }

    private void Await(RelayConnection connection)
    {
        _settling.Add(connection);
        _hasteUntil = _now + HasteMilliseconds;
    }

    /// <summary>
    /// The kernel has nothing more to give to a side: waits until what it was given is written.
    /// </summary>
    /// <returns>Whether it is.</returns>
    private bool Settle(RelayConnection connection, RelaySide to)
    {
        if (to.Mapped is not { IsSettled: false } end)
        {
            return true;
        }

        if (IsWritten(connection, to, end))
        {
            end.IsSettled = true;
            end.IsAwaited = false;
            ReturnRoom(to, end);
            return true;
        }

        if (!end.IsAwaited)
        {
            end.IsAwaited = true;
            Await(connection);
        }

        return false;
    }

    private static bool IsWritten(RelayConnection connection, RelaySide to, SockmapEnd end)
    {
        long moved = (long)end.Map[connection.Other(to).Mapped!.Index].Bytes;
        return moved == 0 || SockmapSockets.Written(to.Socket) - end.WrittenBefore >= moved;
    }

    private void SettleAgain()
    {
        for (int i = _settling.Count - 1; i >= 0; i--)
        {
            RelayConnection connection = _settling[i];
            if (IsStillAwaited(connection, connection.Client) | IsStillAwaited(connection, connection.Backend))
            {
                continue;
            }

            _settling[i] = _settling[^1];
            _settling.RemoveAt(_settling.Count - 1);
        }
    }

    private bool IsStillAwaited(RelayConnection connection, RelaySide side)
    {
        if (!connection.Closed && side.Mapped is { IsAwaited: true })
        {
            Flush(connection, side);
        }

        if (!connection.Closed && side.Mapped is { IsLate: true })
        {
            side.Readable = true;
            Move(connection, side);
        }

        return !connection.Closed && side.Mapped is { IsAwaited: true } or { IsLate: true };
    }

    private static void ReturnRoom(RelaySide side, SockmapEnd end)
    {
        if (end.RoomBefore > 0)
        {
            SockmapSockets.ReturnRoom(side.Socket, end.RoomBefore);
            end.RoomBefore = 0;
        }
    }
}
