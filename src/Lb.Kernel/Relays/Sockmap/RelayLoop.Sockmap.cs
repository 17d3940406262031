using Lb.Kernel.Interop;
using Lb.Kernel.Layout;

namespace Lb.Kernel.Relays;

/// <summary>
/// The loop's part in connections that the kernel carries: gives them to it, counts what it moves, and takes them back.
/// </summary>
internal sealed partial class RelayLoop
{
    /// <summary>What is wanted of a socket that the kernel reads: it would tell of every segment otherwise.</summary>
    private const EpollEvents EndOnly = EpollEvents.ReadHangUp | EpollEvents.Edge;

    private const ulong CallsMark = ulong.MaxValue - 1;

    /// <summary>How long a handover waits for what the kernel is to write.</summary>
    private const long LeaveMilliseconds = 1000;

    private long _leaveBy;
    private SockmapPairs? _pairs;

    /// <summary>From now on the kernel can carry connections of this loop.</summary>
    public void Use(SockmapPairs pairs)
    {
        _pairs = pairs;
        Control(LibC.EpollAdd, pairs.Calls, EpollEvents.In, CallsMark);
    }

    /// <summary>
    /// Gives a connection to the kernel, when nothing of it is under way in the loop. Both sockets must have been read to
    /// the end of what there was: the kernel hands the program whole segments, and one of which a part was read would have
    /// that part moved again.
    /// </summary>
    private void MoveIn(RelayConnection connection)
    {
        connection.IsAskedAgain = false;
        RelaySide client = connection.Client;
        RelaySide backend = connection.Backend;
        if (client.HasUrgent || backend.HasUrgent)
        {
            StayOut(connection, RelayFallback.Urgent);
            return;
        }

        if (HasEnded(client) || HasEnded(backend))
        {
            StayOut(connection, RelayFallback.HalfClosed);
            return;
        }

        if (client.Readable || backend.Readable || client.IsHeldUp || backend.IsHeldUp
            || !SockmapSockets.TryReadWritten(client.Socket, out long toClient)
            || !SockmapSockets.TryReadWritten(backend.Socket, out long toBackend))
        {
            return; // The next question is another chance.
        }

        if (!_pairs!.TryTake(connection, _now, out uint first))
        {
            StayOut(connection, RelayFallback.NoRoom);
            return;
        }

        SockmapEnd clientEnd = NewEnd(client, first, toClient);
        SockmapEnd backendEnd = NewEnd(backend, first + 1, toBackend);
        if (!_pairs.TryName(clientEnd.Cookie, first) || !_pairs.TryName(backendEnd.Cookie, first + 1))
        {
            StayOut(connection, RelayFallback.Refused);
            Forget(clientEnd, backendEnd);
            return;
        }

        clientEnd.RoomBefore = SockmapSockets.MakeRoom(client.Socket, (int)SockmapPairs.Backlog);
        backendEnd.RoomBefore = SockmapSockets.MakeRoom(backend.Socket, (int)SockmapPairs.Backlog);

        // The client is waited for less often than the backend at this moment: it has just asked.
        if (_pairs.Insert(first, client.Socket) is var refused && refused != default)
        {
            StayOut(connection, WhyNot(refused));
            ReturnRoom(client, clientEnd);
            ReturnRoom(backend, backendEnd);
            Forget(clientEnd, backendEnd);
            return;
        }

        client.Mapped = clientEnd;
        if (_pairs.Insert(first + 1, backend.Socket) is var other && other != default)
        {
            // The one that is in stays in, and its program finds no other: what it receives is left to the loop.
            clientEnd.IsSettled = true;
            ReturnRoom(client, clientEnd);
            ReturnRoom(backend, backendEnd);
            _pairs.Forget(backendEnd.Cookie);
            StayOut(connection, WhyNot(other));
            client.Readable = true;
            return;
        }

        backend.Mapped = backendEnd;
        connection.InKernel = true;
        connection.Service.Sockmap.AddMoved();
        Want(connection, client, EndOnly);
        Want(connection, backend, EndOnly);
        // What came in the meantime lies there until somebody reads; and a FIN may have been told of already.
        client.Readable = true;
        backend.Readable = true;
        Move(connection, backend);
        if (!connection.Closed)
        {
            Move(connection, client);
        }
    }

    private SockmapEnd NewEnd(RelaySide side, uint index, long written) => new()
    {
        Map = _pairs!.Memory,
        Index = index,
        Cookie = SockmapSockets.Cookie(side.Socket),
        WrittenBefore = written,
    };

    private static bool HasEnded(RelaySide side) => side.ReadEnded || side.WriteEnded || side.ReadsToEnd;

    private static RelayFallback WhyNot(Errno errno) =>
        errno is Errno.EOPNOTSUPP ? RelayFallback.HalfClosed : RelayFallback.Refused;

    private void Forget(SockmapEnd first, SockmapEnd second)
    {
        _pairs!.Forget(first.Cookie);
        _pairs.Forget(second.Cookie);
        _pairs.Return(first.Index, _now);
    }

    private static void StayOut(RelayConnection connection, RelayFallback why)
    {
        connection.StaysOut = true;
        connection.Service.Sockmap.AddFallback(why);
    }

    private void OnCalls()
    {
        _pairs!.ReadCalls(call =>
        {
            if (_pairs.Owner(call.Index) is not { Closed: false } connection)
            {
                return;
            }

            if (_pairs.Memory[call.Index].State == PairState.Over)
            {
                Reset(connection, RelayEnd.NoRoom);
            }
            else if (connection.InKernel)
            {
                TakeBack(connection);
                MoveBoth(connection);
            }
        });
    }

    /// <summary>Has the loop carry a connection again, for the rest of its life.</summary>
    private void TakeBack(RelayConnection connection)
    {
        connection.InKernel = false;
        connection.Service.Sockmap.AddLeft();
        connection.Service.Sockmap.AddTakenBack();
        LeaveToLoop(connection.Client);
        LeaveToLoop(connection.Backend);
        Account(connection);
        Want(connection, connection.Client, Changes);
        Want(connection, connection.Backend, Changes);
        connection.Client.Readable = true;
        connection.Backend.Readable = true;
        Expect(connection, connection.Client);
        Expect(connection, connection.Backend);
    }

    /// <summary>What is awaited already has somebody who goes on when it has come.</summary>
    private void Expect(RelayConnection connection, RelaySide to)
    {
        if (to.Mapped is { IsAwaited: false })
        {
            Settle(connection, to);
        }
    }

    private static void LeaveToLoop(RelaySide side)
    {
        ref PairEndValue end = ref side.Mapped!.Map[side.Mapped.Index];
        if (end.State == PairState.Moves)
        {
            end.State = PairState.Asked;
        }

        // A segment that the program has before it now is still moved.
        Thread.MemoryBarrier();
        SockmapSockets.Kick(side.Socket);
    }

    private void MoveBoth(RelayConnection connection)
    {
        Move(connection, connection.Client);
        if (!connection.Closed)
        {
            Move(connection, connection.Backend);
        }
    }

    /// <summary>Counts what the kernel has moved since it was counted last.</summary>
    private void Account(RelayConnection connection)
    {
        Account(connection, connection.Client);
        Account(connection, connection.Backend);
    }

    private void Account(RelayConnection connection, RelaySide from)
    {
        if (from.Mapped is { IsOwn: true } end && connection.Target is not null
            && (long)end.Map[end.Index].Bytes - end.Counted is > 0 and var more)
        {
            end.Counted += more;
            connection.Since = _now;
            Count(connection, from, more);
            connection.Service.Sockmap.AddBytes(more);
        }
    }

    private void CheckKernel(RelayConnection connection)
    {
        Account(connection);
        if (IsLeft(connection.Client) || IsLeft(connection.Backend))
        {
            // There was no room for the call.
            TakeBack(connection);
            MoveBoth(connection);
            return;
        }

        connection.Client.Readable |= connection.Client.ReadsToEnd;
        connection.Backend.Readable |= connection.Backend.ReadsToEnd;
        MoveBoth(connection);
    }

    private static bool IsLeft(RelaySide side) => side.Mapped!.Map[side.Mapped.Index].State != PairState.Moves;

    /// <summary>A connection ends: counts the last of it, while its backend is known.</summary>
    private void LeaveKernel(RelayConnection connection)
    {
        Account(connection);
        if (connection.InKernel)
        {
            connection.InKernel = false;
            connection.Service.Sockmap.AddLeft();
        }
    }

    /// <summary>Its sockets are closed: what belongs to them is given back.</summary>
    private void Unmap(RelayConnection connection)
    {
        Unname(connection.Client);
        Unname(connection.Backend);
        if (connection.Client.Mapped is { IsOwn: true } first)
        {
            _pairs!.Return(first.Index, _now);
        }
    }

    private void Unname(RelaySide side)
    {
        if (side.Mapped is { IsOwn: true } end)
        {
            _pairs!.Forget(end.Cookie);
        }
    }

    /// <summary>Takes all connections back from the kernel, which are to be handed over then.</summary>
    private void BeginToLeave()
    {
        foreach (RelayConnection connection in _connections.OfType<RelayConnection>())
        {
            if (connection is { Closed: false, InKernel: true })
            {
                TakeBack(connection);
                MoveBoth(connection);
            }
        }

        _leaveBy = _now + LeaveMilliseconds;
    }

    private void LeaveWhenSettled()
    {
        if (_leaveBy > 0 && (_settling.Count == 0 || _now >= _leaveBy))
        {
            _leaving = true;
            _ending = true;
        }
    }
}
