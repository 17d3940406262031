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

    /// <summary>Begins a connection that was accepted.</summary>
    /// <param name="service">The service.</param>
    /// <param name="socket">Its socket.</param>
    /// <param name="peer">Who has connected.</param>
    /// <param name="read">Bytes of it that another process has read.</param>
    private void Begin(RelayService service, int socket, SocketAddress peer, ReadOnlySpan<byte> read)
    {
        RelayConnection connection = new(service, peer) { Index = TakeIndex() };
        connection.Client.Socket = socket;
        _connections[connection.Index] = connection;
        _open++;
        service.Counter.AddOpen(1);
        connection.Greeting = connection.Route.Plan?.Begin(peer);
        if (connection.Greeting is not { HidesClient: true } && !Admit(connection))
        {
            return;
        }

        if (connection.Greeting is { IsDecided: false })
        {
            connection.Since = _now;
            Want(connection, connection.Client, EpollEvents.In);
            if (!read.IsEmpty)
            {
                TakeGreeting(connection, read);
            }
        }
        else if (read.IsEmpty)
        {
            ConnectNext(connection);
        }
        else
        {
            // Another process has read them by a configuration that this one does not have.
            Reset(connection, RelayEnd.Ended);
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

        TakeGreeting(connection, new ReadOnlySpan<byte>(_buffer, (int)read));
    }

    private void TakeGreeting(RelayConnection connection, ReadOnlySpan<byte> bytes)
    {
        Greeting greeting = connection.Greeting!;
        bool hidden = greeting.HidesClient;
        GreetingStep step = greeting.Add(bytes);
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
            connection.Backend.Hold(buffer[sent..length]);
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
