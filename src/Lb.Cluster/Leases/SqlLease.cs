using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Coordination;
using Lb.Cluster.Database;

namespace Lb.Cluster.Leases;

/// <summary>
/// A lease in a database that all owners share: PostgreSQL, or SQLite for processes of one host. It goes by the
/// database's clock and, between renewals, by how long this process has been running; what time it is here does not
/// matter. The part of the configuration that names this class as <c>lease-class</c> has
/// <c>connection-string</c> and <c>provider-name</c>, and may have <c>safety-margin</c>: how much sooner than another
/// owner could take the lease its holder is told that it is lost.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A lease has no end; its semaphore holds no handle.")]
public sealed class SqlLease : Lease
{
    private const int MarginDivisor = 10;

    private readonly ILeaseTable _table;
    private readonly TimeProvider _time;
    private readonly TimeSpan _margin;
    private readonly LeaseHolder _holder;
    private readonly Action<Func<Task>> _start;
    private readonly Fence _seen = new();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _lock = new();
    private Holding? _holding;

    /// <summary>Creates the lease as its part of the configuration says.</summary>
    public SqlLease(LeaseSettings settings, ExtendedActorSystem system)
        : this(settings, TableOf(settings), TimeProvider.System)
    {
        ArgumentNullException.ThrowIfNull(system);
    }

    /// <summary>Creates the lease in a table.</summary>
    public SqlLease(LeaseSettings settings, ILeaseTable table, TimeProvider time)
        : this(settings, table, time, work => _ = Task.Run(work))
    {
    }

    /// <summary>Creates the lease with another way to begin work that goes on beside its callers.</summary>
    internal SqlLease(LeaseSettings settings, ILeaseTable table, TimeProvider time, Action<Func<Task>> start)
        : base(settings)
    {
        _start = start;
        _table = table;
        _time = time;
        var longest = settings.TimeoutSettings.HeartbeatTimeout;
        _margin = settings.LeaseConfig.GetTimeSpan("safety-margin", longest / MarginDivisor);
        if (_margin < TimeSpan.Zero || _margin >= longest - settings.TimeoutSettings.HeartbeatInterval)
        {
            throw new ArgumentException(
                $"safety-margin [{_margin}] must leave time for a heartbeat-interval "
                + $"[{settings.TimeoutSettings.HeartbeatInterval}] within heartbeat-timeout [{longest}]",
                nameof(settings));
        }

        _holder = new LeaseHolder(settings.LeaseName, settings.OwnerName, Guid.NewGuid().ToString("N"));
    }

    /// <summary>The term of the lease while it is held, 0 otherwise. It goes with whatever the owner orders.</summary>
    public long Term
    {
        get
        {
            var holding = Current;
            return holding is not null && !IsOver(holding) ? holding.Term : 0;
        }
    }

    /// <summary>The highest term that was met here; the next one that is acquired is higher.</summary>
    public long HighestTerm => _seen.Highest;

    private TimeoutSettings Times => Settings.TimeoutSettings;

    private Holding? Current
    {
        get
        {
            lock (_lock)
            {
                return _holding;
            }
        }
    }

    /// <summary>Takes note of a term that was met elsewhere: in a message of another node, say.</summary>
    public void Observe(long term) => _seen.Raise(term);

    /// <summary>Returns what the database says of the lease, if it was ever held.</summary>
    /// <exception cref="LeaseTimeoutException">No answer came in time.</exception>
    /// <exception cref="LeaseException">The database cannot be asked.</exception>
    public async Task<LeaseRecord?> ReadAsync()
    {
        var record = await Asked("read", _table.ReadAsync(_holder.Name, Times.OperationTimeout));
        _seen.Raise(record?.Term ?? 0);
        return record;
    }

    /// <inheritdoc/>
    public override bool CheckLease() => Current is { } holding && !IsOver(holding);

    /// <inheritdoc/>
    public override Task<bool> Acquire() => Acquire(_ => { });

    /// <inheritdoc/>
    public override async Task<bool> Acquire(Action<Exception> leaseLostCallback)
    {
        ArgumentNullException.ThrowIfNull(leaseLostCallback);
        await _turn.WaitAsync();
        try
        {
            if (Current is { } already)
            {
                if (!IsOver(already))
                {
                    already.Replace(leaseLostCallback);
                    return true;
                }

                // This process was halted: it is told now, before it may begin once more.
                Lose(already);
            }

            var sent = _time.GetTimestamp();
            var term = await Asked(
                "acquired",
                _table.TryAcquireAsync(_holder, _seen.Highest, Times.HeartbeatTimeout, Times.OperationTimeout));
            if (term is not { } granted)
            {
                return false;
            }

            _seen.Raise(granted);
            return Begin(new Holding(granted, leaseLostCallback), sent);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public override async Task<bool> Release()
    {
        await _turn.WaitAsync();
        try
        {
            var holding = Current;
            if (holding is null || !End(holding))
            {
                return true;
            }

            // What the database does not hear of, it notices by time.
            return await Asked("released", _table.ReleaseAsync(_holder, holding.Term, Times.OperationTimeout));
        }
        finally
        {
            _turn.Release();
        }
    }

    private bool Begin(Holding holding, long sent)
    {
        lock (_lock)
        {
            _holding = holding;
            holding.RenewedAt = sent;
        }

        // The answer may have come too late to be worth anything.
        if (IsOver(holding))
        {
            End(holding);
            return false;
        }

        holding.Timer = _time.CreateTimer(
            _ => LoseIfOver(holding), null, Left(holding), Timeout.InfiniteTimeSpan);
        _start(() => KeepAsync(holding));
        return true;
    }

    private async Task KeepAsync(Holding holding)
    {
        while (true)
        {
            try
            {
                await Task.Delay(Shorter(Times.HeartbeatInterval, Left(holding)), _time, holding.Ended.Token);
                if (!await RenewAsync(holding))
                {
                    return;
                }
            }
            catch (OperationCanceledException) when (holding.Ended.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is DbException or TimeoutException or IOException)
            {
                holding.Failure = e;
                if (IsOver(holding))
                {
                    Lose(holding);
                    return;
                }
            }
            catch (Exception e)
            {
                holding.Failure = e;
                Lose(holding);
                return;
            }
        }
    }

    // Does not wait for longer than the lease lasts: there is nothing to be renewed then.
    private async Task<bool> RenewAsync(Holding holding)
    {
        var sent = _time.GetTimestamp();
        var timeout = Shorter(Times.OperationTimeout, Left(holding));
        if (timeout <= TimeSpan.Zero)
        {
            Lose(holding);
            return false;
        }

        if (await _table.RenewAsync(_holder, holding.Term, Times.HeartbeatTimeout, timeout))
        {
            holding.Failure = null;
            lock (_lock)
            {
                holding.RenewedAt = sent;
            }

            return true;
        }

        holding.Failure = await WhoHasIt(holding);
        Lose(holding);
        return false;
    }

    private async Task<LeaseException> WhoHasIt(Holding holding)
    {
        try
        {
            var now = await _table.ReadAsync(_holder.Name, Shorter(Times.OperationTimeout, Left(holding)));
            _seen.Raise(now?.Term ?? 0);
            return new LeaseException(now switch
            {
                null => $"Lease [{_holder.Name}] is unknown to its database, which knew it: its tables were replaced",
                _ when now.Term < holding.Term =>
                    $"The database of lease [{_holder.Name}] knows term {now.Term} and not {holding.Term}: an older "
                    + "copy of it was put in place",
                _ when now.Term > holding.Term =>
                    $"Lease [{_holder.Name}] was taken by [{now.Owner}] with term {now.Term}",
                _ => $"Lease [{_holder.Name}] was not renewed in time by the database's clock",
            });
        }
        catch (Exception e)
        {
            return new LeaseException($"Lease [{_holder.Name}] is not held any more", e);
        }
    }

    private void LoseIfOver(Holding holding)
    {
        // It was renewed meanwhile, mostly.
        var left = Left(holding);
        if (left > TimeSpan.Zero)
        {
            holding.Timer?.Change(left + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }
        else
        {
            Lose(holding);
        }
    }

    private void Lose(Holding holding)
    {
        if (End(holding))
        {
            var cause = holding.Failure as LeaseException ?? new LeaseException(
                $"Lease [{_holder.Name}] could not be renewed within {Times.HeartbeatTimeout - _margin}",
                holding.Failure ?? new TimeoutException("Nothing was heard of its database"));
            holding.TellLost(cause);
        }
    }

    // Returns whether it was held until now: only one can end it.
    private bool End(Holding holding)
    {
        lock (_lock)
        {
            if (_holding != holding)
            {
                return false;
            }

            _holding = null;
        }

        holding.Ended.Cancel();
        holding.Timer?.Dispose();
        return true;
    }

    private TimeSpan Left(Holding holding)
    {
        lock (_lock)
        {
            return Times.HeartbeatTimeout - _margin - _time.GetElapsedTime(holding.RenewedAt);
        }
    }

    private bool IsOver(Holding holding) => Left(holding) <= TimeSpan.Zero;

    private async Task<T> Asked<T>(string what, Task<T> answer)
    {
        try
        {
            return await answer;
        }
        catch (TimeoutException e)
        {
            throw new LeaseTimeoutException($"Lease [{_holder.Name}] was perhaps {what}: {e.Message}", e);
        }
        catch (Exception e) when (e is not LeaseException)
        {
            throw new LeaseException($"Lease [{_holder.Name}] cannot be {what}: {e.Message}", e);
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => TimeSpan.FromTicks(
        Math.Max(0, Math.Min(one.Ticks, other.Ticks)));

    private static SqlLeaseTable TableOf(LeaseSettings settings) => new(
        ClusterDatabase.Of(
            settings.LeaseConfig.GetString("provider-name") ?? string.Empty,
            settings.LeaseConfig.GetString("connection-string") ?? string.Empty),
        TimeProvider.System);

    /// <summary>One time of holding the lease, from its being taken to its end.</summary>
    private sealed class Holding(long term, Action<Exception> lost)
    {
        private Action<Exception> _lost = lost;

        internal long Term { get; } = term;

        internal CancellationTokenSource Ended { get; } = new();

        internal ITimer? Timer { get; set; }

        // Sent, not answered: the database cannot have counted from an earlier time.
        internal long RenewedAt { get; set; }

        internal Exception? Failure { get; set; }

        internal void Replace(Action<Exception> lost) => Interlocked.Exchange(ref _lost, lost);

        internal void TellLost(Exception cause) => Volatile.Read(ref _lost)(cause);
    }
}
