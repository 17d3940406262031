using Lb.Kernel.Interop;

namespace Lb.Kernel.Relays;

/// <summary>
/// The loop's part between accepting a connection and choosing its backend, for services that read a header of the PROXY
/// protocol or a ClientHello first, and its part in sending a backend a header before anything else.
/// </summary>
internal sealed unsafe partial class RelayLoop
{
    /// <summary>A fatal alert of TLS, which clients of every version understand.</summary>
    private static ReadOnlySpan<byte> UnrecognizedName => [21, 3, 3, 0, 2, 2, 112];

    private static ReadOnlySpan<byte> NoApplicationProtocol => [21, 3, 3, 0, 2, 2, 120];

    private void Begin(RelayConnection connection)
    {
        connection.Greeting = connection.Route.Plan?.Begin(connection.Peer);
        if (connection.Greeting is not { HidesClient: true } && !Admit(connection))
        {
            return;
        }

        if (connection.Greeting is { IsDecided: false })
        {
            connection.Since = _now;
            Want(connection, connection.Client, EpollEvents.In);
        }
        else
        {
            ConnectNext(connection);
        }
    }

    private void ReadGreeting(RelayConnection connection)
    {
        Greeting greeting = connection.Greeting!;
        nint read = LibC.Receive(
            connection.Client.Socket, _buffer, (nuint)Math.Min(greeting.Room, BufferSize), 0);
        if (read <= 0)
        {
            if (read == 0 || !IsForNow(RelaySockets.Last()))
            {
                Reject(connection, RelayRejection.Closed);
            }

            return;
        }

        bool hidden = greeting.HidesClient;
        GreetingStep step = greeting.Add(new ReadOnlySpan<byte>(_buffer, (int)read));
        if (hidden && !greeting.HidesClient && !Reveal(connection, greeting.Header))
        {
            return;
        }

        if (step == GreetingStep.Reject)
        {
            Reject(connection, greeting.Rejection);
        }
        else if (step == GreetingStep.Choose)
        {
            Want(connection, connection.Client, EpollEvents.None);
            ConnectNext(connection);
        }
    }

    /// <summary>A header has told whose connection it is.</summary>
    /// <returns>Whether it lives.</returns>
    private bool Reveal(RelayConnection connection, ProxyHeader header)
    {
        if (header.HasAddresses)
        {
            connection.Peer = header.Source;
        }

        long accepted = connection.Since;
        bool admitted = Admit(connection);
        connection.Since = accepted;
        return admitted;
    }

    private void EndLateGreeting(RelayConnection connection, long waited)
    {
        if (waited >= connection.Route.GreetingMilliseconds)
        {
            Reject(connection, RelayRejection.Timeout);
        }
    }

    private void Reject(RelayConnection connection, RelayRejection reason)
    {
        connection.Service.AddRejected(reason);
        if (reason is RelayRejection.NoName or RelayRejection.NoProtocol && connection.Greeting!.IsTls)
        {
            // A reset could overtake the alert.
            Send(connection.Client, reason == RelayRejection.NoName ? UnrecognizedName : NoApplicationProtocol);
            Close(connection, RelayEnd.Rejected);
            return;
        }

        Reset(connection, RelayEnd.Rejected);
    }

    /// <summary>Sends a backend its header, and the bytes that the client has sent so far.</summary>
    /// <returns>Whether the connection lives.</returns>
    private bool SendGreeting(RelayConnection connection)
    {
        Greeting greeting = connection.Greeting!;
        Span<byte> buffer = new(_buffer, BufferSize);
        int length = greeting.WriteHeader(
            buffer, connection.Peer, new SocketAddress(connection.Service.VipBytes, connection.Service.Vip.Port));
        ReadOnlySpan<byte> held = greeting.Held;
        held.CopyTo(buffer[length..]);
        if (!held.IsEmpty)
        {
            Count(connection, connection.Client, held.Length);
        }

        length += held.Length;
        greeting.Release();
        connection.Greeting = null;
        int sent = Send(connection.Backend, buffer[..length]);
        if (sent < 0)
        {
            Reset(connection, connection.LossOf(connection.Backend, RelaySockets.Last()));
            return false;
        }

        if (sent < length)
        {
            HoldBack(connection.Backend, buffer[sent..length]);
        }

        return true;
    }

    /// <summary>Sends bytes that a socket has room for.</summary>
    /// <returns>How many it took; -1 when it has failed.</returns>
    private static int Send(RelaySide to, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return 0;
        }

        fixed (byte* first = bytes)
        {
            nint sent = LibC.Send(to.Socket, first, (nuint)bytes.Length, LibC.NoSignal);
            return sent >= 0 ? (int)sent : IsForNow(RelaySockets.Last()) ? 0 : -1;
        }
    }
}
