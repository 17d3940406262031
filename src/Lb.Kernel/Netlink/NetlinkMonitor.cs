using System.Diagnostics;
using System.Net;
using System.Net.NetworkInformation;
using Lb.Kernel.Handles;
using Lb.Kernel.Interop;
using Microsoft.Extensions.Logging;

namespace Lb.Kernel.Netlink;

/// <summary>Listens for changes of links, addresses, routes and neighbours on a thread of its own, which sleeps between them.</summary>
internal sealed unsafe class NetlinkMonitor : IDisposable
{
    private const int BufferBytes = 1 << 20;
    private const int Forever = -1;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(250);

    private readonly NetlinkSocket _socket = new();
    private readonly Descriptor _stop;
    private readonly Thread _thread;
    private readonly Action _changed;
    private readonly ILogger _logger;

    /// <summary>What is usable of each neighbour, so that a mere confirmation is no change.</summary>
    private readonly Dictionary<(int Interface, IPAddress IP), PhysicalAddress?> _neighbours = [];

    /// <summary>Addresses that were told of, so that the renewal of one is no change.</summary>
    private readonly HashSet<(int Interface, IPAddress IP)> _addresses = [];

    /// <summary>Starts to listen in the network namespace of the calling thread.</summary>
    /// <param name="changed">Called from the monitor's thread, a few times a second at most.</param>
    /// <param name="logger">For failures of listening.</param>
    public NetlinkMonitor(Action changed, ILogger logger)
    {
        _changed = changed;
        _logger = logger;
        try
        {
            int size = BufferBytes;
            Failure.CheckErrno(
                LibC.SetOption(_socket.Descriptor, LibC.LevelSocket, LibC.ReceiveBuffer, &size, sizeof(int)),
                "setsockopt(SO_RCVBUF)");
            foreach (Group group in Enum.GetValues<Group>())
            {
                _socket.Join(group);
            }

            _stop = new Descriptor(Failure.CheckErrno(LibC.Event(0, LibC.EventCloseOnExec), "eventfd"));
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        _thread = new Thread(Listen) { IsBackground = true, Name = "lb-netlink" };
        _thread.Start();
    }

    public void Dispose()
    {
        ulong one = 1;
        LibC.Write(_stop, &one, sizeof(ulong));
        if (Thread.CurrentThread != _thread)
        {
            _thread.Join();
        }

        _stop.Dispose();
        _socket.Dispose();
    }

    private void Listen()
    {
        bool due = false;
        long raised = 0;
        while (true)
        {
            TimeSpan left = due ? ShortestPause - Stopwatch.GetElapsedTime(raised) : TimeSpan.Zero;
            if (due && left <= TimeSpan.Zero)
            {
                _changed();
                due = false;
                raised = Stopwatch.GetTimestamp();
            }

            if (!WaitForMore(due ? (int)Math.Ceiling(left.TotalMilliseconds) : Forever))
            {
                return;
            }

            if (Drain() is not { } changed)
            {
                _changed();
                return;
            }

            due |= changed;
        }
    }

    /// <summary>Waits for messages or for the time to be over; false when told to stop.</summary>
    private bool WaitForMore(int milliseconds)
    {
        LibC.PollEntry* entries = stackalloc LibC.PollEntry[2];
        entries[0] = new LibC.PollEntry { Descriptor = _socket.Descriptor.Value, Wanted = LibC.PollIn };
        entries[1] = new LibC.PollEntry { Descriptor = _stop.Value, Wanted = LibC.PollIn };
        LibC.Poll(entries, 2, milliseconds);
        return entries[1].Ready == 0;
    }

    /// <summary>
    /// Reads all that is there; true when something changed that matters for next hops, null when the socket failed.
    /// </summary>
    private bool? Drain()
    {
        bool changed = false;
        while (true)
        {
            ReadOnlySpan<byte> datagram = _socket.TryReceive(out Errno errno);
            switch (errno)
            {
                case default(Errno):
                    changed |= Matters(datagram);
                    break;
                case Errno.ENOBUFS:
                    // More happened than the socket holds: what was lost counts as a change.
                    _neighbours.Clear();
                    _addresses.Clear();
                    changed = true;
                    break;
                case Errno.EAGAIN:
                    return changed;
                case Errno.EINTR:
                    break;
                default:
                    Log.MonitorFailed(_logger, Failure.Name(errno));
                    return null;
            }
        }
    }

    private bool Matters(ReadOnlySpan<byte> datagram)
    {
        bool matters = false;
        var messages = new NetlinkMessages(datagram);
        while (messages.MoveNext())
        {
            NetlinkMessage message = messages.Current;
            matters |= message.Type switch
            {
                MessageType.NewNeighbour => IsNews(NeighbourQueries.Parse(message), deleted: false),
                MessageType.DeleteNeighbour => IsNews(NeighbourQueries.Parse(message), deleted: true),
                MessageType.NewAddress or MessageType.DeleteAddress => IsNews(message),
                MessageType.Done or MessageType.Error => false,
                _ => true,
            };
        }

        return matters;
    }

    private bool IsNews(NetlinkMessage address)
    {
        if (AddressQueries.Parse(address) is not { } ip)
        {
            return true;
        }

        (int, IPAddress) key = ((int)address.Fixed<AddressQueries.AddressHeader>().InterfaceIndex, ip);
        return address.Type == MessageType.DeleteAddress ? Forget() : _addresses.Add(key);

        bool Forget()
        {
            _addresses.Remove(key);
            return true;
        }
    }

    private bool IsNews(Neighbour neighbour, bool deleted)
    {
        if (neighbour.IP is null)
        {
            return false; // a bridge's forwarding entry
        }

        (int InterfaceIndex, IPAddress IP) key = (neighbour.InterfaceIndex, neighbour.IP);
        if (deleted)
        {
            _neighbours.Remove(key);
            return true;
        }

        PhysicalAddress? usable = neighbour.Usable ? neighbour.Address : null;
        bool same = _neighbours.TryGetValue(key, out PhysicalAddress? known) && Equals(known, usable);
        _neighbours[key] = usable;
        return !same;
    }
}
