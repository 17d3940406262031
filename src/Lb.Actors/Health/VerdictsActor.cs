using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Lb.Actors.Wire;
using Lb.Kernel;
using Microsoft.Extensions.Logging;

namespace Lb.Actors;

/// <summary>
/// Remembers the last verdict on each backend, so that a node that starts again builds the tables it had. Nobody waits
/// for it: a verdict is acted on first and stored then, and health checks go on without the journal.
/// </summary>
internal sealed class VerdictsActor : ReceivePersistentActor
{
    private const int SnapshotEvery = 500;

    private readonly string _site;
    private readonly string _id;
    private readonly ILogger _log;
    private readonly Dictionary<(string Service, Endpoint Socket), HealthVerdict> _verdicts = [];

    public VerdictsActor(SiteContext context, string site)
    {
        _site = site;

        // What a node has seen is its own, also where several have their journals in one database.
        _id = context.Shared?.Peers is { } peers ? $"site-verdicts:{site}@{peers.Self}" : $"site-verdicts:{site}";
        _log = context.Loggers.CreateLogger<VerdictsActor>();
        Recover<VerdictRecord>(stored => Apply(stored.ToVerdict()));
        Recover<SnapshotOffer>(offer =>
        {
            foreach (VerdictRecord stored in ((VerdictsSnapshotRecord)offer.Snapshot).Verdicts)
            {
                Apply(stored.ToVerdict());
            }
        });
        Recover<RecoveryCompleted>(_ => Context.Parent.Tell(new VerdictsRecovered(Known())));
        Command<BackendVerdict>(OnVerdict);
        Command<RetainServices>(OnRetain);
        Command<SaveSnapshotSuccess>(OnSnapshot);
        Command<SaveSnapshotFailure>(failed => _log.SnapshotFailed(_site, failed.Cause.Message));
        Command<DeleteMessagesSuccess>(_ => { });
        Command<DeleteMessagesFailure>(failed => _log.SnapshotFailed(_site, failed.Cause.Message));
        Command<DeleteSnapshotsSuccess>(_ => { });
        Command<DeleteSnapshotsFailure>(failed => _log.SnapshotFailed(_site, failed.Cause.Message));
    }

    public override string PersistenceId => _id;

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        base.OnPersistFailure(cause, @event, sequenceNr);
        Context.Parent.Tell(new JournalFailed(cause.Message));
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        base.OnRecoveryFailure(reason, message);
        Context.Parent.Tell(new JournalFailed(reason.Message));
    }

    private void OnVerdict(BackendVerdict verdict)
    {
        if (_verdicts.GetValueOrDefault((verdict.Service, verdict.Socket)) == verdict.Verdict)
        {
            return;
        }

        Apply(verdict);
        PersistAsync(VerdictRecord.Of(verdict), _ =>
        {
            if (LastSequenceNr % SnapshotEvery == 0)
            {
                SaveSnapshot(new VerdictsSnapshotRecord([.. _verdicts.Select(pair => VerdictRecord.Of(
                    new BackendVerdict(pair.Key.Service, pair.Key.Socket, pair.Value)))]));
            }
        });
    }

    private void OnRetain(RetainServices retain)
    {
        foreach ((string service, Endpoint socket) in _verdicts.Keys
            .Where(key => !retain.Services.Contains(key.Service)).ToArray())
        {
            OnVerdict(new BackendVerdict(service, socket, HealthVerdict.Unknown));
        }
    }

    /// <summary>What a snapshot holds is nobody's history: it goes.</summary>
    private void OnSnapshot(SaveSnapshotSuccess saved)
    {
        DeleteMessages(saved.Metadata.SequenceNr);
        DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1));
    }

    private void Apply(BackendVerdict verdict)
    {
        if (verdict.Verdict == HealthVerdict.Unknown)
        {
            _verdicts.Remove((verdict.Service, verdict.Socket));
        }
        else
        {
            _verdicts[(verdict.Service, verdict.Socket)] = verdict.Verdict;
        }
    }

    private ImmutableDictionary<string, ImmutableDictionary<Endpoint, HealthVerdict>> Known() => _verdicts
        .GroupBy(pair => pair.Key.Service, StringComparer.Ordinal)
        .ToImmutableDictionary(
            service => service.Key,
            service => service.ToImmutableDictionary(pair => pair.Key.Socket, pair => pair.Value),
            StringComparer.Ordinal);
}
