using System.Threading.RateLimiting;
using Lb.Host.Logging;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Access;

/// <summary>Logs who was not let in. Whoever tries often does not fill the log.</summary>
internal sealed class DenialLog(ILoggerFactory loggers) : IDisposable
{
    private readonly ILogger _log = loggers.CreateLogger("Lb.Host.Access");
    private readonly FixedWindowRateLimiter _limit = new(new FixedWindowRateLimiterOptions
    {
        PermitLimit = 20,
        Window = TimeSpan.FromMinutes(1),
        QueueLimit = 0,
    });

    private long _silent;

    public void Tell(string from, string path, string reason)
    {
        using RateLimitLease lease = _limit.AttemptAcquire();
        if (lease.IsAcquired)
        {
            _log.Denied(from, path, reason, Interlocked.Exchange(ref _silent, 0));
        }
        else
        {
            Interlocked.Increment(ref _silent);
        }
    }

    public void Dispose() => _limit.Dispose();
}
