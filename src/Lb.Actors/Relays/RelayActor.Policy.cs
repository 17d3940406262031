using Akka.Actor;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>Backends that the relay ejects, and those whose time to drain ends.</summary>
internal sealed partial class RelayActor
{
    private RelayDrains _drains = RelayDrains.None;

    private void Follow(IRelay relay)
    {
        IActorRef self = Self;
        relay.Ejected = ejection => self.Tell(ejection);
    }

    private void UseTable()
    {
        if (_relay is null)
        {
            return;
        }

        _drains = _drains.With(_table, _relay.Read(), _context.Now);
        CutDrained();
    }

    /// <summary>Gives the relay its table, with those cut off whose time is over, and waits for the next.</summary>
    private void CutDrained()
    {
        TimeSpan timeout = _settings.Limits.DrainTimeout;
        long now = _context.Now;
        _relay!.Use(_settings, _drains.Cut(_table, timeout, now));
        if (_drains.Next(timeout, now) is { } next)
        {
            Timers.StartSingleTimer(DrainDue.Instance, DrainDue.Instance, next);
        }
        else
        {
            Timers.Cancel(DrainDue.Instance);
        }
    }

    private void OnDrainDue()
    {
        if (_relay is null)
        {
            return;
        }

        RelayReport report = _relay.Read();
        foreach (Endpoint backend in _drains.Over(_settings.Limits.DrainTimeout, _context.Now))
        {
            if (report.Backends.GetValueOrDefault(backend).Open is var open and > 0)
            {
                _log.DrainOver(_service, backend, open);
            }
        }

        CutDrained();
    }

    private void OnEjected(RelayEjection ejection)
    {
        _log.BackendEjected(
            _service, ejection.Backend, ejection.Time, ejection.Failures, ejection.Why, ejection.Ejections);
        Readmitted over = new(ejection.Backend);
        Timers.StartSingleTimer(over, over, ejection.Time);
    }

    private void OnReadmitted(Readmitted over)
    {
        if (_relay?.Read().Outliers.GetValueOrDefault(over.Backend) is { Until: { } until })
        {
            // The timer was a little early.
            Timers.StartSingleTimer(over, over, Max(until - DateTimeOffset.UtcNow, TimeSpan.FromMilliseconds(10)));
            return;
        }

        _log.BackendReadmitted(_service, over.Backend);
    }

    private void OnGetRelay() => Sender.Tell(
        new RelaySnapshot(_relay?.Read() ?? RelayReport.None, _problem)
        {
            Drains = _drains.Deadlines(_settings.Limits.DrainTimeout, _context.Now, _context.Clock.GetUtcNow()),
        });

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private sealed record Readmitted(Endpoint Backend);

    private sealed record DrainDue
    {
        public static readonly DrainDue Instance = new();
    }
}
