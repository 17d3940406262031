using System.Buffers;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Relays;

/// <summary>The datagrams of one client, and the socket that a backend has for them. Owned by one loop.</summary>
internal sealed class DatagramFlow(DatagramPort port, SocketAddress client, SocketAddress peer, bool proxied)
{
    /// <summary>Longer ones are not kept: a client that nobody answers sends again.</summary>
    private const int MostKept = 1500;

    private const long RefusalMilliseconds = 1000;

    private readonly SocketAddress _client = client;
    private readonly SocketAddress _peer = peer;
    private readonly List<RelayBackend> _tried = [];
    private byte[]? _first;
    private int _firstLength;
    private int _attempts;

    /// <summary>Number in the loop.</summary>
    public int Index { get; set; }

    public DatagramPort Port { get; } = port;

    /// <summary>The client's address and port.</summary>
    public SocketAddress Client => _client;

    /// <summary>Who sends its datagrams and gets the answers: the client, or the proxy that names it.</summary>
    public SocketAddress Peer => _peer;

    /// <summary>Headers of a proxy name the client.</summary>
    public bool Proxied => proxied;

    /// <summary>What stands in front of each of its datagrams to the backend.</summary>
    public DatagramHeader Header { get; } = new();

    /// <summary>Connected to the backend; -1 for none.</summary>
    public int Socket { get; set; } = -1;

    public RelayBackend? Target { get; set; }

    public bool Closed { get; set; }

    /// <summary>It counts among those of its client.</summary>
    public bool CountsForSource { get; set; }

    /// <summary>Its client, for the limit of those.</summary>
    public ulong Source
    {
        get
        {
            SocketAddress from = _client;
            return RelaySources.Of(from.Address);
        }
    }

    /// <summary>When it began, in ms of the loop's clock.</summary>
    public long Began { get; init; }

    /// <summary>When the last datagram went either way, in ms of the loop's clock.</summary>
    public long Since { get; set; }

    /// <summary>The datagram that the flow began with, while nothing else has happened in it.</summary>
    public ReadOnlySpan<byte> First => _first.AsSpan(0, _firstLength);

    /// <summary>
    /// The next backend to try, of which room was taken; null when there is no other, or enough were tried. One that has
    /// just refused another flow comes last: its host sends only so many refusals in a second, so this flow might not be
    /// told.
    /// </summary>
    /// <param name="now">In ms of the loop's clock.</param>
    /// <param name="lack">Why there is none.</param>
    public RelayBackend? NextTarget(long now, out RelayEnd lack)
    {
        RelayRoute route = Port.Service.Route;
        lack = _attempts == 0 ? RelayEnd.NoBackend : RelayEnd.ConnectFailed;
        if (_attempts >= route.Settings.Attempts)
        {
            return null;
        }

        _attempts++;
        RelayBackend? last = null;
        while (route.Choose(_client, Port.Service, _tried, now, only: null) is { } target)
        {
            if (now - target.Refused < RefusalMilliseconds)
            {
                _tried.Add(target);
                last ??= target;
            }
            else if (target.TryEnter(route.Settings.Limits.BackendConnections))
            {
                _tried.Add(target);
                return target;
            }
        }

        if (last is not null && last.TryEnter(route.Settings.Limits.BackendConnections))
        {
            return last;
        }

        if (last is not null || route.HasFull(_tried, only: null))
        {
            lack = RelayEnd.Full;
        }

        return null;
    }

    /// <summary>The backend has answered: those that were tried before count no more.</summary>
    public void Answered()
    {
        Forget();
        Target!.Outlier.Succeed();
        _attempts = 1;
        if (_tried.Count > 1)
        {
            _tried.Clear();
            _tried.Add(Target);
        }
    }

    /// <summary>Keeps the first datagram, for another backend if this one refuses it.</summary>
    /// <param name="datagram">With its header.</param>
    public void Keep(ReadOnlySpan<byte> datagram)
    {
        if (datagram.IsEmpty || datagram.Length - Header.Length > MostKept)
        {
            return;
        }

        _first = ArrayPool<byte>.Shared.Rent(datagram.Length);
        datagram.CopyTo(_first);
        _firstLength = datagram.Length;
    }

    /// <summary>Gives back what was kept.</summary>
    public void Forget()
    {
        if (_first is { } kept)
        {
            _first = null;
            _firstLength = 0;
            ArrayPool<byte>.Shared.Return(kept);
        }
    }
}
