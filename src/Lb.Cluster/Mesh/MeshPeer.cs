using System.Net;
using System.Security.Cryptography;
using Lb.Cluster.Certificates;

namespace Lb.Cluster.Mesh;

/// <summary>Another node as one sends to it: keeps a connection as long as there is something to say.</summary>
internal sealed class MeshPeer : IAsyncDisposable
{
    private readonly MeshContext _context;
    private readonly string _address;
    private readonly IPEndPoint _endpoint;
    private readonly FrameQueue _quick;
    private readonly FrameQueue _bulk;
    private readonly Backoff _backoff;
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private readonly Task _running;
    private CancellationTokenSource _connection = new();
    private CancellationTokenSource? _pause;
    private MeshConnection? _open;
    private bool _isClosed;
    private long _lastUse;

    public MeshPeer(MeshContext context, string address, IPEndPoint endpoint)
    {
        _context = context;
        _address = address;
        _endpoint = endpoint;
        _quick = new FrameQueue(context.Options.MostWaiting, context.Options.MostWaitingBytes);
        _bulk = new FrameQueue(context.Options.MostWaiting, context.Options.MostWaitingBytes);
        _backoff = new Backoff(context.Options.ShortestPause, context.Options.LongestPause, Random.Shared);
        _lastUse = context.Time.GetTimestamp();
        _running = Task.Run(RunAsync);
    }

    /// <summary>Whether there has been nothing to say for a while.</summary>
    public bool IsIdle => _context.Time.GetElapsedTime(Volatile.Read(ref _lastUse)) >= _context.Options.IdleAfter;

    /// <summary>How many messages wait.</summary>
    public int Waiting => _quick.Count + _bulk.Count;

    /// <summary>Sends a message or drops it; false when this peer is not in use any more.</summary>
    public bool TrySend(ReadOnlySpan<byte> message)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            Volatile.Write(ref _lastUse, _context.Time.GetTimestamp());
            if (_pause is not null)
            {
                _context.Counters.Add(MeshCount.DroppedNoConnection);
                return true;
            }

            var dropped = (message.Length <= _context.Options.QuickLength ? _quick : _bulk).Add(message);
            _context.Counters.Add(MeshCount.DroppedQueueFull, dropped);
            return true;
        }
    }

    /// <summary>The peer is there, as it has just connected to this node: no use in waiting.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            _pause?.Cancel();
        }
    }

    /// <summary>Other certificates are to be shown: the connection is made anew.</summary>
    public void Renew()
    {
        lock (_gate)
        {
            _pause?.Cancel();
            _connection.Cancel();
        }
    }

    /// <summary>Closes the connection if the certificate that the peer showed is not good any more.</summary>
    public void CheckAgain()
    {
        var credentials = _context.Credentials.Current;
        try
        {
            if (Volatile.Read(ref _open)?.PeerCertificate is { } certificate
                && CertificateRules.Check(
                    certificate, credentials.Certificates, credentials.Authorities, _context.Credentials.Cluster,
                    CertificateRules.ServerUse, _endpoint.Address, _context.Time.GetUtcNow())?.Reason is RefusalReason.Expired)
            {
                Renew();
            }
        }
        catch (CryptographicException)
        {
            // The connection has just ended, and its certificate with it.
        }
    }

    /// <summary>Closes the connection; what waits is dropped.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
        }

        await _end.CancelAsync();
        await _running;
        _quick.Clear();
        _bulk.Clear();
        _connection.Dispose();
        _end.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            var start = _context.Time.GetTimestamp();
            var isRenewed = await ConnectAsync();
            if (isRenewed || _context.Time.GetElapsedTime(start) > _context.Options.LongestPause * 2)
            {
                _backoff.Reset();
            }

            if (!isRenewed)
            {
                await PauseAsync();
            }
        }
    }

    /// <summary>Connects and stays so; true when it ended only to be made anew.</summary>
    private async Task<bool> ConnectAsync()
    {
        using var life = Begin();
        using var connection = new MeshConnection(_context, _address, _endpoint);
        try
        {
            using var quick = await connection.OpenAsync(MeshNames.QuickPath, _quick, life.Token);
            Volatile.Write(ref _open, connection);
            _context.Counters.Add(MeshCount.Connections);
            _context.Reports.Tell(new MeshReport.Connected(_address, quick.Version));
            var bulk = SendBulkAsync(connection, life.Token);
            var ended = quick.WaitForEndAsync();
            var why = await await Task.WhenAny(ended, bulk);
            var isWanted = !life.IsCancellationRequested;
            await life.CancelAsync();
            await bulk;
            if (isWanted)
            {
                _context.Reports.Tell(new MeshReport.Lost(_address, why));
            }
        }
        catch (MeshConnectException e)
        {
            _context.Counters.Add(MeshCount.ConnectFailures);
            if (!e.IsTold)
            {
                _context.Reports.Tell(new MeshReport.NotConnected(_address, e.Message));
            }
        }
        catch (OperationCanceledException)
        {
            // The end, or other certificates.
        }
        finally
        {
            Volatile.Write(ref _open, null);
        }

        return _connection.IsCancellationRequested;
    }

    private CancellationTokenSource Begin()
    {
        lock (_gate)
        {
            if (_connection.IsCancellationRequested)
            {
                _connection.Dispose();
                _connection = new CancellationTokenSource();
            }

            return CancellationTokenSource.CreateLinkedTokenSource(_end.Token, _connection.Token);
        }
    }

    /// <summary>Opens the stream for long messages with the first of them, so that most connections have none.</summary>
    private async Task<string> SendBulkAsync(MeshConnection connection, CancellationToken stop)
    {
        try
        {
            while (_bulk.Count == 0)
            {
                await _bulk.WaitAsync(stop);
            }

            using var stream = await connection.OpenAsync(MeshNames.BulkPath, _bulk, stop);
            return await stream.WaitForEndAsync();
        }
        catch (OperationCanceledException)
        {
            return "it is not needed any more";
        }
        catch (MeshConnectException e)
        {
            return e.Message;
        }
    }

    private async Task PauseAsync()
    {
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        lock (_gate)
        {
            _pause = pause;
            _context.Counters.Add(MeshCount.DroppedNoConnection, _quick.Clear() + _bulk.Clear());
        }

        try
        {
            await Task.Delay(_backoff.Next(), _context.Time, pause.Token);
        }
        catch (OperationCanceledException)
        {
            // Woken, or at the end.
        }
        finally
        {
            lock (_gate)
            {
                _pause = null;
            }
        }
    }
}
