using System.Net.Sockets;

namespace Lb.Kernel.Handover;

/// <summary>The end of the process that goes: waits for its successor, then gives it what its relays have.</summary>
public sealed class HandoverOffer : IDisposable
{
    /// <summary>The successor reads its journal and writes its tables before it takes the relays over.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Socket _listener;
    private HandoverSocket? _successor;

    private HandoverOffer(Socket listener, string path)
    {
        _listener = listener;
        Path = path;
    }

    /// <summary>The Unix socket that the successor connects to.</summary>
    public string Path { get; }

    /// <summary>Makes the socket, for this user alone.</summary>
    /// <exception cref="KernelException">It cannot be made.</exception>
    public static HandoverOffer Open(string path)
    {
        Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            File.Delete(path);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            listener.Listen();
            return new HandoverOffer(listener, path);
        }
        catch (Exception reason) when (reason is SocketException or IOException or UnauthorizedAccessException)
        {
            listener.Dispose();
            throw new KernelException(
                $"The socket for the handover {path} cannot be made: {reason.Message}", "Look at its folder.");
        }
    }

    /// <summary>Waits until a process says that it is ready. Others that connect are sent away.</summary>
    /// <param name="process">Id of the successor.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The successor's version.</returns>
    /// <exception cref="KernelException">It has sent something else.</exception>
    public async Task<string> WaitAsync(int process, CancellationToken cancellationToken)
    {
        while (true)
        {
            Socket accepted = await _listener.AcceptAsync(cancellationToken);
            accepted.Blocking = true;
            accepted.ReceiveTimeout = accepted.SendTimeout = (int)Patience.TotalMilliseconds;
            HandoverSocket socket = new(accepted);
            if (socket.Peer().Process != process)
            {
                socket.Dispose();
                continue;
            }

            _successor = socket;
            return socket.Receive().Part is ReadyPart ready
                ? ready.Version
                : throw new KernelException("The other lbd has not said that it is ready.", "Both must be of this project.");
        }
    }

    /// <summary>
    /// Tells the successor that all but the relays has ended here. They go on by their last tables until the successor asks for
    /// their sockets, and it gets them then. Afterwards this process is to end.
    /// </summary>
    /// <returns>What the successor says it has.</returns>
    /// <exception cref="KernelException">The successor is gone: what was not handed over ends with this process.</exception>
    public HandoverReport Give(RelayEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        HandoverSocket successor = _successor
            ?? throw new InvalidOperationException("There is no successor yet.");
        successor.Send(new FreePart());
        if (successor.Receive().Part is not TakePart take)
        {
            throw new KernelException("The other lbd has not asked for the relays.", "Its log says why.");
        }

        engine.Give(successor, take.Datagrams);
        return successor.Receive().Part is EndPart end
            ? new HandoverReport(end.Listeners, end.Connections, end.Left)
            : throw new KernelException("The other lbd has not said what it has.", "Its log says why.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _successor?.Dispose();
        _listener.Dispose();
        File.Delete(Path);
    }
}
