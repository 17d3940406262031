namespace Akka.Actor;

/// <summary>A request that can be withdrawn.</summary>
public interface ICancelable
{
    /// <summary>Whether it has been withdrawn.</summary>
    bool IsCancellationRequested { get; }

    /// <summary>Cancelled when the request is withdrawn.</summary>
    CancellationToken Token { get; }

    /// <summary>Withdraws the request.</summary>
    void Cancel();

    /// <summary>Withdraws the request; the first exception of a callback can keep others from being called.</summary>
    void Cancel(bool throwOnFirstException);

    /// <summary>Withdraws the request after a delay.</summary>
    void CancelAfter(TimeSpan delay);

    /// <summary>Withdraws the request after a delay.</summary>
    void CancelAfter(int millisecondsDelay);
}

/// <summary>A request to a scheduler that can be withdrawn.</summary>
public class Cancelable : ICancelable, IDisposable
{
    private readonly IActionScheduler _scheduler;
    private readonly Lock _lock = new();
    private CancellationTokenSource? _source;
    private List<(TimerQueueScheduler Scheduler, ScheduledItem Item)>? _items;
    private volatile bool _cancelled;

    /// <summary>Creates a request.</summary>
    public Cancelable(IScheduler scheduler)
        : this(scheduler.Advanced)
    {
    }

    /// <summary>Creates a request that is withdrawn after a delay.</summary>
    public Cancelable(IScheduler scheduler, TimeSpan delay)
        : this(scheduler) => CancelAfter(delay);

    /// <summary>Creates a request that is withdrawn after a delay.</summary>
    public Cancelable(IScheduler scheduler, int millisecondsDelay)
        : this(scheduler, TimeSpan.FromMilliseconds(millisecondsDelay))
    {
    }

    /// <summary>Creates a request.</summary>
    public Cancelable(IActionScheduler scheduler)
    {
        _scheduler = scheduler;
    }

    /// <summary>Creates a request that is withdrawn after a delay.</summary>
    public Cancelable(IActionScheduler scheduler, TimeSpan delay)
        : this(scheduler) => CancelAfter(delay);

    /// <inheritdoc/>
    public bool IsCancellationRequested => _cancelled;

    /// <summary>Whether the request has been disposed of.</summary>
    public bool IsDisposed { get; private set; }

    /// <inheritdoc/>
    public CancellationToken Token
    {
        get
        {
            lock (_lock)
            {
                if (_source is null && _cancelled)
                {
                    return new CancellationToken(canceled: true);
                }

                _source ??= new CancellationTokenSource();
                return _source.Token;
            }
        }
    }

    /// <inheritdoc/>
    public void Cancel() => Cancel(throwOnFirstException: false);

    /// <inheritdoc/>
    public void Cancel(bool throwOnFirstException)
    {
        List<(TimerQueueScheduler Scheduler, ScheduledItem Item)>? items;
        CancellationTokenSource? source;
        lock (_lock)
        {
            if (_cancelled)
            {
                return;
            }

            _cancelled = true;
            items = _items;
            _items = null;
            source = _source;
        }

        items?.ForEach(static attached => attached.Scheduler.Cancel(attached.Item));
        source?.Cancel(throwOnFirstException);
    }

    /// <inheritdoc/>
    public void CancelAfter(TimeSpan delay) => _scheduler.ScheduleOnce(delay, Cancel, this);

    /// <inheritdoc/>
    public void CancelAfter(int millisecondsDelay) => CancelAfter(TimeSpan.FromMilliseconds(millisecondsDelay));

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Disposes of the token.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing && !IsDisposed)
        {
            IsDisposed = true;
            _source?.Dispose();
        }
    }

    /// <summary>Takes the item out of the scheduler when the request is withdrawn.</summary>
    internal void Attach(TimerQueueScheduler scheduler, ScheduledItem item)
    {
        lock (_lock)
        {
            if (!_cancelled)
            {
                (_items ??= new(1)).Add((scheduler, item));
                return;
            }
        }

        scheduler.Cancel(item);
    }

    /// <summary>Returns a request that has been withdrawn already.</summary>
    public static ICancelable CreateCanceled() => new WithdrawnRequest();

    private sealed class WithdrawnRequest : ICancelable
    {
        public bool IsCancellationRequested => true;

        public CancellationToken Token => new(canceled: true);

        public void Cancel()
        {
        }

        public void Cancel(bool throwOnFirstException)
        {
        }

        public void CancelAfter(TimeSpan delay)
        {
        }

        public void CancelAfter(int millisecondsDelay)
        {
        }
    }
}

/// <summary>Helpers for <see cref="ICancelable"/>.</summary>
public static class CancelableExtensions
{
    /// <summary>Withdraws the request, if there is one.</summary>
    public static void CancelIfNotNull(this ICancelable? cancelable) => cancelable?.Cancel();
}
