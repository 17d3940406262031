using System.Net.Sockets;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Handover;

/// <summary>The end of the process that comes: says that it is ready, then takes what the relays of the other have.</summary>
public sealed class HandoverClaim : IDisposable
{
    /// <summary>The other ends its actors and closes its journal first.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly HandoverSocket _predecessor;

    private HandoverClaim(HandoverSocket predecessor) => _predecessor = predecessor;

    /// <summary>Tells the other process to give up its place.</summary>
    /// <param name="path">Its Unix socket.</param>
    /// <param name="version">Version of this process.</param>
    /// <exception cref="KernelException">Nobody listens there, or a process of another user.</exception>
    public static HandoverClaim Connect(string path, string version)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        {
            SendTimeout = (int)Patience.TotalMilliseconds,
            ReceiveTimeout = (int)Patience.TotalMilliseconds,
        };
        HandoverSocket predecessor = new(socket);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            if (predecessor.Peer().User != LibC.EffectiveUser())
            {
                throw new KernelException(
                    $"The socket {path} is another user's.", "Start lbd as the user that the running one has.");
            }

            predecessor.Send(new ReadyPart(version));
            return new HandoverClaim(predecessor);
        }
        catch (SocketException reason)
        {
            predecessor.Dispose();
            throw new KernelException(
                $"No lbd hands over at {path}: {reason.Message}",
                "The running lbd starts its successor itself: send it SIGUSR2.");
        }
        catch
        {
            predecessor.Dispose();
            throw;
        }
    }

    /// <summary>Waits until the other has ended all but its relays.</summary>
    /// <exception cref="KernelException">The other has failed.</exception>
    public void WaitUntilFree()
    {
        if (_predecessor.Receive().Part is not FreePart)
        {
            throw new KernelException("The other lbd has not said that it has ended.", "Its log says why.");
        }
    }

    /// <summary>Takes over the sockets of the other's relays. Connections are served at once.</summary>
    /// <exception cref="KernelException">The other has failed in the middle.</exception>
    public HandoverReport Take(RelayEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        _predecessor.Send(new TakePart(Datagrams: true));
        return engine.Take(_predecessor);
    }

    /// <summary>Tells the other that all has arrived; it ends.</summary>
    /// <exception cref="KernelException">The other is gone already.</exception>
    public void Confirm(HandoverReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        _predecessor.Send(new EndPart(report.Listeners, report.Connections, report.Left));
    }

    /// <inheritdoc/>
    public void Dispose() => _predecessor.Dispose();
}
