using System.Net.Sockets;
using Lb.Cluster.Certificates;
using Lb.Cluster.Transport;

namespace Lb.Cluster.Mesh;

/// <summary>
/// Messages between nodes by TLS, where both ends show a certificate of the cluster: to each peer one connection with a
/// stream for short messages and, when needed, one for long ones. Messages that cannot go are dropped and counted.
/// </summary>
public sealed class MeshTransport : IClusterTransport
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan WarnInterval = TimeSpan.FromDays(1);

    private readonly MeshContext _context;
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, MeshPeer> _peers = new(StringComparer.Ordinal);
    private readonly MeshReceiver _receiver;
    private readonly MeshListener _listener;
    private readonly ClearTextWatch _clear;
    private Task _sweeping = Task.CompletedTask;
    private string? _toldProblem;
    private long? _warnedAt;

    /// <summary>Prepares it.</summary>
    /// <param name="options">How it talks.</param>
    /// <param name="credentials">What it shows, and by what it knows others.</param>
    /// <param name="time">The time.</param>
    /// <param name="report">Is told what a person may want to know, from any thread.</param>
    /// <exception cref="ArgumentException">The address is none.</exception>
    public MeshTransport(
        MeshOptions options, CredentialSource credentials, TimeProvider time, Action<MeshReport>? report = null)
    {
        var local = MeshNames.Parse(options.Address)
            ?? throw new ArgumentException($"[{options.Address}] is no IP address with a port", nameof(options));
        _context = new MeshContext(options, local, credentials, new MeshCounters(), new ReportGate(time, report), time);
        _receiver = new MeshReceiver(_context, Wake, _end.Token);
        _listener = new MeshListener(_context, _receiver.HandleAsync);
        _clear = new ClearTextWatch(_context);
    }

    /// <inheritdoc/>
    public int LongestMessage => _context.Options.LongestMessage;

    /// <summary>What has been counted.</summary>
    public MeshCounters Counters => _context.Counters;

    /// <summary>What the node shows, and by what it knows others.</summary>
    public CredentialSource Credentials => _context.Credentials;

    /// <summary>Nodes that were heard in the clear lately: they have no certificates.</summary>
    public IReadOnlyList<string> InTheClear => _clear.Heard;

    /// <summary>To how many nodes there are, or are to be, connections.</summary>
    public int PeerCount
    {
        get
        {
            lock (_gate)
            {
                return _peers.Count;
            }
        }
    }

    /// <summary>How many streams of others there are.</summary>
    public int IncomingCount => _receiver.Count;

    /// <inheritdoc/>
    /// <exception cref="IOException">The address cannot be bound.</exception>
    /// <exception cref="SocketException">The address cannot be bound.</exception>
    public async Task StartAsync(ReceivedMessage received)
    {
        _receiver.Received = received;
        await _listener.StartAsync();
        _clear.Start();
        WarnOfEnd();
        _sweeping = Task.Run(SweepAsync);
    }

    /// <inheritdoc/>
    public void Send(string address, ReadOnlySpan<byte> message)
    {
        if (message.Length > LongestMessage)
        {
            _context.Counters.Add(MeshCount.DroppedTooLong);
            _context.Reports.Tell(new MeshReport.TooLong(address, message.Length, LongestMessage));
            return;
        }

        while (PeerAt(address) is { } peer && !peer.TrySend(message))
        {
            // It was closed at this moment, and is not in the table any more.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        List<MeshPeer> peers;
        lock (_gate)
        {
            if (_end.IsCancellationRequested)
            {
                return;
            }

            _end.Cancel();
            peers = [.. _peers.Values];
            _peers.Clear();
        }

        await Task.WhenAll(peers.Select(peer => peer.DisposeAsync().AsTask()));
        await _clear.DisposeAsync();
        await _listener.DisposeAsync();
        await _sweeping;
    }

    private MeshPeer? PeerAt(string address)
    {
        lock (_gate)
        {
            if (_end.IsCancellationRequested)
            {
                return null;
            }

            if (!_peers.TryGetValue(address, out var peer) && MeshNames.Parse(address) is { } endpoint)
            {
                peer = new MeshPeer(_context, address, endpoint);
                _peers.Add(address, peer);
            }

            return peer;
        }
    }

    private void Wake(string address)
    {
        lock (_gate)
        {
            _peers.GetValueOrDefault(address)?.Wake();
        }
    }

    private List<MeshPeer> Peers()
    {
        lock (_gate)
        {
            return [.. _peers.Values];
        }
    }

    private async Task SweepAsync()
    {
        using var timer = new PeriodicTimer(SweepInterval, _context.Time);
        var lastLook = _context.Time.GetTimestamp();
        var lastCheck = lastLook;
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                await CloseIdleAsync();
                if (_context.Time.GetElapsedTime(lastLook) >= _context.Options.CertificateInterval)
                {
                    lastLook = _context.Time.GetTimestamp();
                    LookAtFiles();
                }

                if (_context.Time.GetElapsedTime(lastCheck) >= CheckInterval)
                {
                    lastCheck = _context.Time.GetTimestamp();
                    _receiver.CheckAgain();
                    Peers().ForEach(peer => peer.CheckAgain());
                    WarnOfEnd();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private async Task CloseIdleAsync()
    {
        List<MeshPeer> idle = [];
        lock (_gate)
        {
            foreach (var (address, peer) in _peers.Where(one => one.Value.IsIdle).ToList())
            {
                _peers.Remove(address);
                idle.Add(peer);
            }
        }

        foreach (var peer in idle)
        {
            await peer.DisposeAsync();
        }
    }

    private void LookAtFiles()
    {
        if (_context.Credentials.Refresh())
        {
            _context.Reports.Always(
                new MeshReport.CertificatesRead(_context.Options.Address, _context.Credentials.Current.Until));
            _warnedAt = null;
            WarnOfEnd();
            Peers().ForEach(peer => peer.Renew());
            _receiver.CheckAgain();
        }

        var problem = _context.Credentials.Problem;
        if (problem is not null && problem != _toldProblem)
        {
            _context.Reports.Always(new MeshReport.CertificatesUnusable(_context.Options.Address, problem));
        }

        _toldProblem = problem;
    }

    private void WarnOfEnd()
    {
        var until = _context.Credentials.Current.Until;
        var left = until - _context.Time.GetUtcNow();
        if (left < _context.Options.WarnBefore
            && (_warnedAt is not { } warned || _context.Time.GetElapsedTime(warned) >= WarnInterval))
        {
            _warnedAt = _context.Time.GetTimestamp();
            _context.Reports.Always(new MeshReport.Expiring(_context.Options.Address, until, left <= TimeSpan.Zero));
        }
    }
}
