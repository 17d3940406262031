using System.Collections.Immutable;
using Lb.Host.Logging;
using Lb.Kernel;
using Microsoft.Extensions.Logging;

namespace Lb.Host.FlowLog;

/// <summary>Which lost events the log has told of already.</summary>
internal sealed class FlowLogLosses(TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan BetweenWarnings = TimeSpan.FromMinutes(1);

    private FlowLogCounts _told;
    private long _unwrittenTold;
    private long _relayedTold;
    private long _relayedSeen;
    private FlowLogCounts _seen;
    private long? _warned;

    /// <summary>Begins with what the kernel counted before.</summary>
    public void Start(FlowLogCounts counts)
    {
        _told = counts;
        _seen = counts;
    }

    /// <summary>What is lost and was not told of. A warning goes to the node's own log, now and then.</summary>
    public Reading Read(FlowLogCounts counts, long relayed, long unwritten)
    {
        ulong lost = counts.NoRoom + counts.NoMemory - _seen.NoRoom - _seen.NoMemory + (ulong)(relayed - _relayedSeen);
        _seen = counts;
        _relayedSeen = relayed;
        if (lost > 0 && (_warned is not { } last || clock.GetElapsedTime(last) > BetweenWarnings))
        {
            _warned = clock.GetTimestamp();
            log.FlowLogLost(lost);
        }

        return new Reading(
            clock.GetUtcNow(),
            counts,
            relayed,
            unwritten,
            [
                .. Of("ring", (long)(counts.NoRoom - _told.NoRoom)),
                .. Of("memory", (long)(counts.NoMemory - _told.NoMemory)),
                .. Of("relay", relayed - _relayedTold),
                .. Of("write", unwritten - _unwrittenTold),
            ]);
    }

    /// <summary>The log has told of it.</summary>
    public void Told(Reading reading)
    {
        _told = reading.Counts;
        _relayedTold = reading.Relayed;
        _unwrittenTold = reading.Unwritten;
    }

    private static IEnumerable<(string Reason, long Lost)> Of(string reason, long lost) =>
        lost > 0 ? [(reason, lost)] : [];

    /// <summary>A look at the counters.</summary>
    internal sealed record Reading(
        DateTimeOffset Time, FlowLogCounts Counts, long Relayed, long Unwritten, ImmutableArray<(string Reason, long Lost)> ByReason);
}
